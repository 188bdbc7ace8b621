import { describe, expect, test } from 'vitest';
import { ANN, MINUTE, openSandbox } from '../harness.ts';
import { APPS, createApp, getApp, LONG, refusal } from './app-requests.ts';

const stateOf = async (client: Parameters<typeof getApp>[0], name = 'dash') =>
  (await getApp(client, name)).compute_status.state;

/** An app that is up, and how to ask something of it. */
async function withApp() {
  const opened = await openSandbox();
  await createApp(opened.admin, 'dash');
  opened.pass(LONG);
  return { ...opened, ask: (act: string) => opened.admin('POST', `${APPS}/dash/${act}`, {}) };
}

describe('stop and start', () => {
  test('take a while each, and leave no deployment active in between', async () => {
    const { admin, pass, ask } = await withApp();
    const stopping = (await ask('stop')).json;
    expect(stopping).toMatchObject({ compute_status: { state: 'STOPPING' }, app_status: { state: 'UNAVAILABLE' } });
    expect(stopping.active_deployment).toBeUndefined();
    pass(MINUTE);
    expect(await stateOf(admin)).toBe('STOPPED');
    expect((await ask('start')).json.compute_status.state).toBe('STARTING');
    pass(3 * MINUTE);
    expect(await getApp(admin, 'dash')).toMatchObject({
      compute_status: { state: 'ACTIVE' },
      active_deployment: { status: { state: 'SUCCEEDED' } },
    });
  });

  test('are refused in the wrong state', async () => {
    const { pass, ask } = await withApp();
    const refused = (act: string, state: string) => [
      400,
      'BAD_REQUEST',
      `Cannot ${act} app dash as it is in ${state} state.`,
    ];
    expect(refusal(await ask('start'))).toEqual(refused('start', 'ACTIVE'));
    await ask('stop');
    expect(refusal(await ask('start'))).toEqual(refused('start', 'STOPPING'));
    pass(MINUTE);
    expect(refusal(await ask('stop'))).toEqual(refused('stop', 'STOPPED'));
    await ask('start');
    expect(refusal(await ask('stop'))).toEqual(refused('stop', 'STARTING'));
  });
});

describe('delete', () => {
  test('takes a while, in which the app is there and its name is taken; then a new one may have it', async () => {
    const { admin, as, pass } = await withApp();
    const old = await getApp(admin, 'dash');
    expect((await admin('DELETE', `${APPS}/dash`)).json.compute_status.state).toBe('DELETING');
    expect(await stateOf(admin)).toBe('DELETING');
    expect((await admin('GET', APPS)).json.apps).toHaveLength(1);
    expect((await as(ANN)('POST', APPS, { name: 'dash' })).status).toBe(409);
    pass(LONG);
    expect((await admin('GET', `${APPS}/dash`)).status).toBe(404);
    const young = await createApp(as(ANN), 'dash');
    expect(young.creator).toBe(ANN);
    expect(young.service_principal_client_id).not.toBe(old.service_principal_client_id);
  });

  test('is refused a second time, and while the app starts or stops', async () => {
    const { admin, ask, pass } = await withApp();
    const refused = (state: string) => [
      400,
      'BAD_REQUEST',
      `Cannot delete app dash as it is not terminal with state ${state}, and was updated less than 20 minutes ago. ` +
        'Please wait before trying again.',
    ];
    const remove = () => admin('DELETE', `${APPS}/dash`);
    await ask('stop');
    expect(refusal(await remove())).toEqual(refused('STOPPING'));
    pass(MINUTE);
    await ask('start');
    expect(refusal(await remove())).toEqual(refused('STARTING'));
    pass(LONG);
    await remove();
    expect(refusal(await remove())).toEqual(refused('DELETING'));
    expect(refusal(await ask('stop'))[2]).toContain('in DELETING state');
  });
});

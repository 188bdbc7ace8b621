import { describe, expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox.ts';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';
import { obedientMachines, settle } from '../machines.ts';

const LONG = 60 * MINUTE;
const SIMULATED = "Simulated: this node exists in the sandbox's books only; nothing was run.";
const API = '/api/1.2';

/** A cluster of Ann's that runs. */
async function opened(options: SandboxOptions = {}) {
  const world = await openSandbox(options);
  const id = await createCluster(world.admin);
  await world.admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_ATTACH_TO' }],
  });
  world.pass(LONG);
  await getCluster(world.admin, id);
  return { ...world, id, ann: world.as(ANN) };
}

async function openContext(client: Client, clusterId: string): Promise<string> {
  const answer = await client('POST', `${API}/contexts/create`, { clusterId, language: 'python' });
  if (answer.status !== 200) throw new Error(`contexts/create: ${answer.status} ${answer.text}`);
  return answer.json.id as string;
}

/** How a client executes code in one context and looks at what came of it. */
async function talker(client: Client, clusterId: string) {
  const contextId = await openContext(client, clusterId);
  const inContext = { clusterId, contextId };
  return {
    contextId,
    execute: async (command: string) =>
      (await client('POST', `${API}/commands/execute`, { ...inContext, language: 'python', command })).json
        .id as string,
    status: async (id: string) =>
      (await client('GET', `${API}/commands/status?clusterId=${clusterId}&contextId=${contextId}&commandId=${id}`))
        .json,
    cancel: (id: string) => client('POST', `${API}/commands/cancel`, { ...inContext, commandId: id }),
  };
}

describe('on a simulated node', () => {
  test('a context comes up, a command ends, and its result says that nothing was run', async () => {
    const { ann, id, pass } = await opened();
    const { contextId, execute, status } = await talker(ann, id);
    const context = async () =>
      (await ann('GET', `${API}/contexts/status?clusterId=${id}&contextId=${contextId}`)).json;
    expect(await context()).toEqual({ id: contextId, status: 'Pending' });
    pass(1_000);
    expect(await context()).toEqual({ id: contextId, status: 'Running' });
    const first = await execute('1 + 1');
    const second = await execute('2 + 2');
    expect(await status(first)).toEqual({ id: first, status: 'Running', results: null });
    expect((await status(second)).status).toBe('Queued');
    pass(2_000);
    expect(await status(first)).toEqual({
      id: first,
      status: 'Finished',
      results: { resultType: 'text', data: SIMULATED, truncated: false },
    });
    expect((await status(second)).status).toBe('Running');
    expect((await ann('POST', `${API}/contexts/destroy`, { clusterId: id, contextId })).json).toEqual({
      id: contextId,
    });
    expect((await ann('GET', `${API}/contexts/status?clusterId=${id}&contextId=${contextId}`)).status).toBe(404);
  });

  test('a cancelled command makes room for the next', async () => {
    const { ann, id } = await opened();
    const { execute, status, cancel } = await talker(ann, id);
    const first = await execute('while True: pass');
    const second = await execute('1');
    expect((await cancel(first)).json).toEqual({ id: first });
    expect((await status(first)).status).toBe('Cancelled');
    expect((await status(second)).status).toBe('Running');
  });

  test('a form is as good as JSON', async () => {
    const { ann, id } = await opened();
    const answer = await ann('POST', `${API}/contexts/create`, `clusterId=${id}&language=python`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.json.id).toMatch(/^\d+$/);
  });
});

describe('who may', () => {
  test('only the single user, not even an admin, and nobody while it does not run', async () => {
    const { admin, as, id } = await opened();
    for (const [client, who] of [
      [admin, 'workshop-admin@example.com'],
      [as(BEN), BEN],
    ] as const) {
      expect(await client('POST', `${API}/contexts/create`, { clusterId: id, language: 'python' })).toMatchObject({
        status: 403,
        json: {
          error: `PERMISSION_DENIED: Single-user check failed: user '${who}' attempted to run a command on single-user cluster ${id}, but the single user of this cluster is '${ANN}'`,
        },
      });
    }
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    expect(await admin('POST', `${API}/contexts/create`, { clusterId: id, language: 'python' })).toMatchObject({
      status: 400,
      json: { error: `INVALID_STATE: Cluster ${id} is in Terminating state` },
    });
  });

  test('the single user needs to attach, too', async () => {
    const { admin, ann, id } = await opened();
    await admin('PUT', `/api/2.0/permissions/clusters/${id}`, { access_control_list: [] });
    expect((await ann('POST', `${API}/contexts/create`, { clusterId: id })).json.error).toContain(
      'does not have Attach permissions',
    );
  });

  test("on a shared cluster one's own contexts only", async () => {
    const { admin, as, ann, pass } = await opened();
    const shared = await createCluster(admin, { data_security_mode: 'USER_ISOLATION', single_user_name: undefined });
    await admin('PATCH', `/api/2.0/permissions/clusters/${shared}`, {
      access_control_list: [{ group_name: 'users', permission_level: 'CAN_ATTACH_TO' }],
    });
    pass(LONG);
    const contextId = await openContext(ann, shared);
    expect((await as(BEN)('GET', `${API}/contexts/status?clusterId=${shared}&contextId=${contextId}`)).status).toBe(
      404,
    );
  });
});

describe('what is refused', () => {
  test('other languages, in words', async () => {
    const { ann, id } = await opened();
    const tried = async (language: string) =>
      (await ann('POST', `${API}/contexts/create`, { clusterId: id, language })).json.error;
    expect(await tried('sql')).toContain('not in sql');
    expect(await tried('cobol')).toContain("Invalid language 'cobol'");
  });

  test('what is missing, wrong or not there, in the shape of API 1.2', async () => {
    const { ann, id } = await opened();
    const { contextId } = await talker(ann, id);
    expect(await ann('POST', `${API}/contexts/create`, {})).toMatchObject({
      status: 400,
      json: { error: 'INVALID_PARAMETER_VALUE: Missing required field: clusterId' },
    });
    expect(await ann('POST', `${API}/contexts/create`, { clusterId: 7 })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('MALFORMED_REQUEST') },
    });
    expect(await ann('POST', `${API}/contexts/create`, 'no JSON')).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('MALFORMED_REQUEST') },
    });
    expect((await ann('POST', `${API}/contexts/create`, { clusterId: 'absent' })).json).toEqual({
      error: 'INVALID_PARAMETER_VALUE: Cluster absent does not exist',
    });
    expect(
      (await ann('GET', `${API}/commands/status?clusterId=${id}&contextId=${contextId}&commandId=absent`)).status,
    ).toBe(404);
    expect((await ann('GET', `${API}/contexts/status?clusterId=${id}`)).json.error).toContain('contextId');
  });

  test('a hundred and forty-sixth context', async () => {
    const { ann, id } = await opened();
    for (let count = 0; count < 145; count += 1) await openContext(ann, id);
    const refused = await ann('POST', `${API}/contexts/create`, { clusterId: id, language: 'python' });
    expect(refused).toMatchObject({ status: 400, json: { error: expect.stringContaining('Limit set to 145') } });
  });
});

describe('on a real node', () => {
  test('commands answer what the interpreter printed, or its error', async () => {
    const machines = obedientMachines();
    const { ann, id } = await opened({ nodes: machines.nodes });
    const { execute, status } = await talker(ann, id);
    const first = await execute('1 + 1');
    const second = await execute('1 / 0');
    expect((await status(first)).status).toBe('Running');
    expect((await status(second)).status).toBe('Queued');
    machines.commands[0]?.answer({ output: '2' });
    await settle();
    expect(await status(first)).toEqual({
      id: first,
      status: 'Finished',
      results: { resultType: 'text', data: '2', truncated: false },
    });
    expect((await status(second)).status).toBe('Running');
    machines.commands[1]?.answer({ output: '', error: { summary: 'ZeroDivisionError', cause: 'Traceback' } });
    await settle();
    expect(await status(second)).toEqual({
      id: second,
      status: 'Finished',
      results: { resultType: 'error', summary: 'ZeroDivisionError', cause: 'Traceback' },
    });
    expect(machines.commands.map(({ runAs, code }) => [runAs, code])).toEqual([
      [ANN, '1 + 1'],
      [ANN, '1 / 0'],
    ]);
  });

  test('cancelling opens a new interpreter, and a cluster that stops closes them all', async () => {
    const machines = obedientMachines();
    const { admin, ann, id } = await opened({ nodes: machines.nodes });
    const { execute, status, cancel } = await talker(ann, id);
    const endless = await execute('while True: pass');
    const waiting = await execute('1');
    await cancel(endless);
    expect([(await status(endless)).status, (await status(waiting)).status]).toEqual(['Cancelled', 'Cancelled']);
    expect(machines.interpreters).toEqual({ opened: 2, closed: 1 });
    const after = await execute('2');
    machines.commands[2]?.answer({ output: '2' });
    await settle();
    expect((await status(after)).results).toMatchObject({ data: '2' });
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    expect(machines.interpreters).toEqual({ opened: 2, closed: 2 });
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readFaultFile } from '../../src/sandbox.ts';
import { ANN, MINUTE, createCluster, getCluster, openSandbox, spec } from '../harness.ts';
import type { Client } from '../harness.ts';

const FOLDER = fileURLToPath(new URL('../../../scenarios/', import.meta.url));
const LONG = 60 * MINUTE;
const PEOPLE = Array.from({ length: 20 }, (_, index) => `attendee${String(index + 1).padStart(3, '0')}@example.com`);

/** A sandbox on which one of the example scenarios is played. */
async function play(scenario: string) {
  const read = readFaultFile(readFileSync(`${FOLDER}${scenario}.yaml`, 'utf8'));
  if (!read.ok) throw new Error(`${scenario}: ${JSON.stringify(read.problems)}`);
  return openSandbox({ people: [ANN, ...PEOPLE], faults: read.faults });
}

const create = (admin: Client, person: string) =>
  admin('POST', '/api/2.1/clusters/create', spec({ single_user_name: person, cluster_name: `ws-${person}` }));
const madeFor = (admin: Client, person: string) =>
  createCluster(admin, { single_user_name: person, cluster_name: `ws-${person}` });

describe('scenarios/', () => {
  // As a whole workshop each of them is run by test/workflows/scenarios/scenarios.test.ts.
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  test.each(files)('%s can be read, and says on top what happens, what is seen, and what it teaches', (file) => {
    const text = readFileSync(`${FOLDER}${file}`, 'utf8');
    expect(readFaultFile(text)).toMatchObject({ ok: true });
    const comment = text.slice(0, text.indexOf('faults:'));
    expect(comment).toContain('`status`');
    expect(comment).toContain('# It teaches: ');
  });

  test('stockout-for-some: the first launch of some fails, the second comes up', async () => {
    const { admin, pass, sandbox } = await play('stockout-for-some');
    for (const person of PEOPLE) await madeFor(admin, person);
    pass(LONG);
    const down = sandbox.books().clusters.filter(({ state }) => state === 'TERMINATED');
    expect(down.length).toBeGreaterThan(3);
    expect(down.length).toBeLessThan(14);
    expect(down.map(({ terminationReason }) => terminationReason?.code)).toEqual(
      down.map(() => 'CLOUD_PROVIDER_RESOURCE_STOCKOUT'),
    );
    for (const { id } of down) await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    pass(LONG);
    expect(new Set(sandbox.books().clusters.map(({ state }) => state))).toEqual(new Set(['RUNNING']));
  });

  test('init-script-fails-for-one: two people’s clusters fail however often they are tried', async () => {
    const { admin, pass, sandbox } = await play('init-script-fails-for-one');
    for (const person of PEOPLE.slice(0, 4)) await madeFor(admin, person);
    pass(LONG);
    expect(sandbox.books().clusters.map(({ terminationReason }) => terminationReason?.code)).toEqual([
      undefined,
      'INIT_SCRIPT_FAILURE',
      'CLOUD_PROVIDER_RESOURCE_STOCKOUT',
      undefined,
    ]);
    const failed = sandbox.books().clusters[1]?.id ?? '';
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: failed });
    pass(LONG);
    expect((await getCluster(admin, failed)).termination_reason.parameters.databricks_error_message).toContain(
      'install-claude-code.sh exited with 7',
    );
  });

  test('throttled-launches: the third node waits, as long as Retry-After says', async () => {
    const { admin, pass, sandbox } = await play('throttled-launches');
    const refusals: string[] = [];
    for (const person of PEOPLE.slice(0, 12)) {
      for (let answer = await create(admin, person); answer.status !== 200; answer = await create(admin, person)) {
        expect(answer.status).toBe(429);
        refusals.push(`${answer.json.error_code} ${answer.headers.get('retry-after')}`);
        pass(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
      }
    }
    expect(refusals).toContain('REQUEST_LIMIT_EXCEEDED 20');
    expect(sandbox.books().clusters).toHaveLength(12);
  });

  test('lost-answers: whoever looks before creating again ends with one cluster', async () => {
    const { admin, sandbox } = await play('lost-answers');
    await expect(create(admin, ANN)).rejects.toThrow('fetch failed');
    expect((await admin('GET', '/api/2.1/clusters/list')).json.clusters).toMatchObject([
      { single_user_name: ANN, state: 'PENDING' },
    ]);
    expect(sandbox.books().clusters).toHaveLength(1);
    expect((await create(admin, ANN)).status).toBe(200);
  });

  test('dies-mid-event: the second launch dies three minutes after it ran', async () => {
    const { admin, pass, sandbox } = await play('dies-mid-event');
    const [first = '', second = ''] = PEOPLE;
    const [dying, other] = [await madeFor(admin, first), await madeFor(admin, second)];
    pass(LONG);
    for (const cluster_id of [dying, other]) await admin('POST', '/api/2.1/clusters/delete', { cluster_id });
    pass(MINUTE);
    for (const cluster_id of [dying, other]) await admin('POST', '/api/2.1/clusters/start', { cluster_id });
    pass(LONG);
    expect((await getCluster(admin, other)).state).toBe('RUNNING');
    expect((await getCluster(admin, dying)).termination_reason).toMatchObject({
      code: 'DRIVER_UNREACHABLE',
      type: 'SERVICE_FAULT',
    });
    const [ran, died] = sandbox.books().clusters[0]?.history.slice(-3) ?? [];
    expect([ran?.state, (died?.at ?? 0) - (ran?.at ?? 0)]).toEqual(['RUNNING', 3 * MINUTE]);
  });

  test('stale-lists-and-lazy-deletes: what is asked twice goes, and lists come to show it', async () => {
    const { admin, pass } = await play('stale-lists-and-lazy-deletes');
    const id = await createCluster(admin);
    const shown = async () =>
      (await Promise.all(Array.from({ length: 12 }, () => admin('GET', '/api/2.1/clusters/list')))).map(
        ({ json }) => json.clusters?.length ?? 0,
      );
    expect(new Set(await shown())).toEqual(new Set([0, 1]));
    pass(LONG);
    const remove = () => admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    expect((await remove()).json).toEqual({});
    expect(new Set(await shown())).toEqual(new Set([1]));
    expect((await remove()).json).toEqual({});
    expect(new Set(await shown())).toEqual(new Set([0, 1]));
    pass(MINUTE);
    expect(new Set(await shown())).toEqual(new Set([0]));
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox, StateRefused } from '../../src/sandbox.ts';
import type { SandboxOptions } from '../../src/sandbox.ts';
import { ANN, BEN, clientOf, createCluster, getCluster, MINUTE, openSandbox, spec, scratchFolder } from '../harness.ts';

/** A folder that is not there yet, and is removed when the test ends. */
function newFolder(): string {
  const above = scratchFolder();
  return join(above, 'state');
}

/** Ends a sandbox and starts another on its folder, on the same clock. */
async function restart(first: Awaited<ReturnType<typeof openSandbox>>, state: string, options: SandboxOptions = {}) {
  await first.sandbox.close();
  // Until the client's own pool of connections has noticed.
  await pause(5);
  return { ...(await openSandbox({ state, now: first.now, ...options })), pass: first.pass };
}

const POOLS = '/api/2.0/instance-pools';
const POLICIES = '/api/2.0/policies/clusters';
const GRANTS = '/api/2.1/unity-catalog/permissions/catalog/main';

describe('a restart', () => {
  test('keeps tokens, people and groups', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    first.sandbox.addUser({ userName: 'cy@example.com', displayName: 'Cy', active: false });
    first.sandbox.addGroup('trainers', { members: [BEN], entitlements: ['allow-cluster-create'] });
    const { clientId, clientSecret } = first.sandbox.addServicePrincipal('provisioner', { groups: ['admins'] });
    const annsToken = first.sandbox.tokenFor(ANN);
    const people = (await first.admin('GET', '/api/2.0/preview/scim/v2/Users')).json;
    const again = await restart(first, state);
    expect(again.sandbox.adminToken).toBe(first.sandbox.adminToken);
    expect((await again.admin('GET', '/api/2.0/preview/scim/v2/Users')).json).toEqual(people);
    expect((await clientOf(again.sandbox, annsToken)('GET', '/api/2.0/preview/scim/v2/Me')).json.userName).toBe(ANN);
    const form = `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`;
    expect((await clientOf(again.sandbox, undefined)('POST', '/oidc/v1/token', form)).status).toBe(200);
    expect(
      (await again.as(BEN)('GET', '/api/2.0/preview/scim/v2/Me')).json.groups.map(
        (group: { display: string }) => group.display,
      ),
    ).toContain('trainers');
  });

  test('keeps an OAuth token until it expires, with credentials sent either way', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    const { clientId, clientSecret } = first.sandbox.addServicePrincipal('provisioner');
    const basic = { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` };
    const { access_token } = (
      await clientOf(first.sandbox, undefined)('POST', '/oidc/v1/token', 'grant_type=client_credentials', basic)
    ).json;
    const again = await restart(first, state);
    const client = clientOf(again.sandbox, access_token);
    expect((await client('GET', '/api/2.0/preview/scim/v2/Me')).json.userName).toBe(clientId);
    again.pass(60 * MINUTE);
    expect((await client('GET', '/api/2.0/preview/scim/v2/Me')).status).toBe(401);
  });

  test('keeps a cluster that boots, which goes on at its exact moments, and what belongs to it', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    const pool = (
      await first.admin('POST', `${POOLS}/create`, {
        instance_pool_name: 'warm',
        node_type_id: 'Standard_D4ds_v5',
        min_idle_instances: 2,
        max_capacity: 5,
      })
    ).json.instance_pool_id;
    const policy = (await first.admin('POST', `${POLICIES}/create`, { name: 'class', definition: '{}' })).json
      .policy_id;
    await first.admin('PATCH', `/api/2.0/permissions/cluster-policies/${policy}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_USE' }],
    });
    await first.admin('PATCH', GRANTS, { changes: [{ principal: ANN, add: ['USE_CATALOG'] }] });
    const id = await createCluster(first.admin, { policy_id: policy, autotermination_minutes: 30 });
    first.pass(20_000);
    const booting = await getCluster(first.admin, id);
    expect(booting.state).toBe('PENDING');
    const again = await restart(first, state);
    expect(await getCluster(again.admin, id)).toEqual(booting);
    expect((await again.admin('GET', `${POOLS}/get?instance_pool_id=${pool}`)).json).toMatchObject({
      instance_pool_name: 'warm',
      max_capacity: 5,
    });
    expect((await again.as(ANN)('GET', `${POLICIES}/get?policy_id=${policy}`)).json.name).toBe('class');
    expect((await again.as(BEN)('GET', `${POLICIES}/get?policy_id=${policy}`)).status).toBe(403);
    expect((await again.admin('GET', GRANTS)).text).toContain(ANN);
    const launched = again.sandbox.books().clusters[0]?.history[0]?.at;
    again.pass(60 * MINUTE);
    const history = again.sandbox.books().clusters[0]?.history ?? [];
    expect(history.map((step) => step.state)).toEqual(['PENDING', 'RUNNING', 'TERMINATING', 'TERMINATED']);
    expect(history[0]?.at).toBe(launched);
    expect((history[2]?.at ?? 0) - (history[1]?.at ?? 0)).toBe(30 * MINUTE);
  });

  test('comes out the same as a sandbox that was never stopped', async () => {
    const state = newFolder();
    const kept = await openSandbox({ state });
    const a = await createCluster(kept.admin, { cluster_name: 'a' });
    kept.pass(7 * MINUTE);
    const b = await createCluster(kept.admin, { cluster_name: 'b' });
    await kept.admin('POST', '/api/2.1/clusters/delete', { cluster_id: a });
    kept.pass(7 * MINUTE);
    await kept.admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: b });
    const before = kept.sandbox.books().clusters;
    const again = await restart(kept, state);
    expect(again.sandbox.books().clusters).toEqual(before);
    const name = (await again.admin('POST', '/api/2.1/clusters/create', spec())).json.cluster_id;
    expect([a, b]).not.toContain(name);
  });

  test('keeps the id of the workspace and the address, and says when the address is another one', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    const { url, workspaceId } = first.sandbox;
    const again = await restart(first, state);
    expect(again.sandbox).toMatchObject({ url, workspaceId, remarks: [] });
    const other = await openSandbox();
    const port = Number(new URL(other.sandbox.url).port);
    await other.sandbox.close();
    const moved = await restart(again, state, { port });
    expect(moved.sandbox.workspaceId).toBe(workspaceId);
    expect(moved.sandbox.remarks.join()).toContain(`not at ${url}`);
    expect((await moved.admin('GET', '/.well-known/databricks-config')).json.workspace_id).toBe(workspaceId);
  });
});

test('a restart keeps the clock that was set forward, faults and how far they have counted', async () => {
  const state = newFolder();
  const first = await openSandbox({ state });
  const control = clientOf(first.sandbox, undefined);
  await control('POST', '/__sandbox/clock', { advance: '3d' });
  const list = '/api/2.1/clusters/list';
  await control('POST', '/__sandbox/faults', {
    faults: [
      { name: 'busy', route: `GET ${list}`, count: 2, effect: { status: 503 } },
      { name: 'gone', route: `GET ${list}`, offset: 9, effect: { reset: true } },
    ],
  });
  expect((await first.admin('GET', list)).status).toBe(503);
  const { now } = (await control('GET', '/__sandbox/clock')).json;

  const again = await restart(first, state);
  const controlAgain = clientOf(again.sandbox, undefined);
  expect((await controlAgain('GET', '/__sandbox/clock')).json).toMatchObject({ now, ahead_ms: 3 * 24 * 60 * MINUTE });
  expect((await controlAgain('GET', '/__sandbox/faults')).json.faults).toMatchObject([
    { name: 'busy', fired: 1 },
    { name: 'gone', fired: 0 },
  ]);
  expect([(await again.admin('GET', list)).status, (await again.admin('GET', list)).status]).toEqual([503, 200]);
});

describe('what is written', () => {
  test('only the owner can read it, refused requests and questions are not in it, long bodies have a file of their own', async () => {
    const state = newFolder();
    const { admin, sandbox } = await openSandbox({ state });
    await admin('GET', '/api/2.1/clusters/list');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: 'none' });
    await createCluster(admin, { spark_env_vars: { LONG: 'x'.repeat(70_000) } });
    const lines = readFileSync(join(state, 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(1).map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /api/2.1/clusters/create']);
    const { bodyFile } = lines[1];
    expect(readFileSync(join(state, 'bodies', bodyFile), 'utf8')).toContain('xxxx');
    for (const name of ['journal.jsonl', 'lock', join('bodies', bodyFile)])
      expect(statSync(join(state, name)).mode & 0o077, name).toBe(0);
    expect(statSync(state).mode & 0o077).toBe(0);
    await sandbox.close();
    const again = await openSandbox({ state });
    expect(again.sandbox.books().clusters).toHaveLength(1);
  });

  test('survives kill -9', async () => {
    const state = newFolder();
    const start = async () => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-sandbox.ts'), state], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      return { child, ...(JSON.parse(line.toString()) as { url: string; token: string }) };
    };
    const first = await start();
    const ask = async (path: string, body?: unknown) => {
      const response = await fetch(first.url + path, {
        headers: { authorization: `Bearer ${first.token}` },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const ids: unknown[] = [];
    for (let made = 0; made < 5; made += 1) ids.push((await ask('/api/2.1/clusters/create', spec()))['cluster_id']);
    const gone = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await gone;
    const again = await start();
    expect(again).toMatchObject({ url: first.url, token: first.token });
    const { clusters } = (await ask('/api/2.1/clusters/list')) as { clusters: { cluster_id: string }[] };
    expect(new Set(clusters.map((cluster) => cluster.cluster_id))).toEqual(new Set(ids));
  });

  test('what an act of the clock saw on disk counts, whatever lies there later', async () => {
    const state = newFolder();
    const first = await openSandbox({ state });
    await first.admin('POST', '/api/2.1/unity-catalog/volumes', {
      catalog_name: 'main',
      schema_name: 'default',
      name: 'scripts',
      volume_type: 'MANAGED',
    });
    const script = '/Volumes/main/default/scripts/init.sh';
    await first.admin('PUT', `/api/2.0/fs/files${script}`, 'echo hello');
    await createCluster(first.admin, {
      single_user_name: first.sandbox.adminUserName,
      init_scripts: [{ volumes: { destination: script } }],
    });
    first.pass(60 * MINUTE);
    expect(first.sandbox.books().clusters[0]?.state).toBe('RUNNING');
    await first.admin('DELETE', `/api/2.0/fs/files${script}`);
    const again = await restart(first, state);
    expect(again.sandbox.books().clusters[0]?.state).toBe('RUNNING');
    expect(again.sandbox.remarks).toEqual([]);
  });
});

describe('what cannot be gone on with', () => {
  const kept = async () => {
    const state = newFolder();
    const world = await openSandbox({ state, speed: 2 });
    await createCluster(world.admin);
    await createCluster(world.admin);
    const journal = join(state, 'journal.jsonl');
    return { ...world, state, journal };
  };
  const refusal = async (options: SandboxOptions): Promise<string> => {
    const error: unknown = await startSandbox(options).then(
      (sandbox) => sandbox.close(),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StateRefused);
    return (error as StateRefused).message;
  };

  test('two sandboxes on one folder', async () => {
    const { state, sandbox } = await kept();
    expect(await refusal({ state })).toContain(
      `Another sandbox is running on the state in ${state} (process ${process.pid})`,
    );
    await sandbox.close();
    const again = await openSandbox({ state });
    expect(again.sandbox.remarks).toEqual([]);
  });

  test('a lock whose process is gone is taken over, that of another computer is not', async () => {
    const { state, sandbox } = await kept();
    await sandbox.close();
    const lock = join(state, 'lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: 'elsewhere', birth: '' }));
    expect(await refusal({ state })).toContain(`delete ${lock}`);
    writeFileSync(lock, '{"pid":');
    const again = await openSandbox({ state });
    expect(again.sandbox.books().clusters).toHaveLength(2);
  });

  test('a last line that was cut short is dropped, and it is said', async () => {
    const world = await kept();
    const { state, journal } = world;
    await world.sandbox.close();
    writeFileSync(journal, readFileSync(journal, 'utf8').slice(0, -20));
    const again = await restart(world, state);
    expect(again.sandbox.remarks.join()).toContain('cut short');
    expect(again.sandbox.books().clusters).toHaveLength(1);
    await createCluster(again.admin);
    const third = await restart(again, state);
    expect(third.sandbox.remarks).toEqual([]);
    expect(third.sandbox.books().clusters).toHaveLength(2);
  });

  test.each([
    [
      'a line in the middle that is broken',
      (text: string) => text.replace('"method":"POST"', '"method":POST'),
      /damaged: line 2 of/,
    ],
    ['a line that is missing', (text: string) => text.split('\n').toSpliced(1, 1).join('\n'), /damaged: line 2 of/],
    ['a field that nobody wrote', (text: string) => text.replace('"n":2,', '"n":2,"x":1,'), /damaged: line 3 of/],
    ['no header', () => '', /damaged: line 1 of/],
    [
      'another format',
      (text: string) => text.replace('"format":1', '"format":2'),
      /format 2, and this sandbox reads format 1/,
    ],
    [
      'settings that no sandbox has',
      (text: string) => text.replace(/"speed":\d+/, '"speed":"fast"'),
      /first line of the journal .* settings that no sandbox has/,
    ],
    [
      'a moment that no clock shows',
      (text: string) => text.replace(/"start":\d+/, '"start":1e300'),
      /damaged: line 1 of/,
    ],
    [
      'an outcome that is none',
      (text: string) =>
        `${text}{"n":${text.split('\n').length - 1},"at":1,"outcome":{"kind":"run","key":"1","data":{"phase":"x"}}}\n`,
      /line \d+ of the journal cannot be carried out again/,
    ],
    [
      'a token of nobody',
      (text: string) =>
        `${text}{"n":${text.split('\n').length - 1},"at":1,"seed":"AA==","act":{"act":"mint-token","userName":"nobody@example.com"}}\n`,
      /line \d+ of the journal cannot be carried out again/,
    ],
    [
      'a caller who is not there',
      (text: string) => text.replace(/"caller":"\d+"/, '"caller":"17"'),
      /line 2 of the journal names a caller, 17/,
    ],
  ])('%s', async (_, damage, words) => {
    const { state, sandbox, journal } = await kept();
    await sandbox.close();
    const damaged = damage(readFileSync(journal, 'utf8'));
    writeFileSync(journal, damaged);
    expect(await refusal({ state })).toMatch(words);
    expect(readFileSync(journal, 'utf8')).toBe(damaged);
    expect(readdirSync(state)).not.toContain('lock');
  });

  test('a body that is gone or changed', async () => {
    const { state, sandbox, admin } = await kept();
    await createCluster(admin, { spark_env_vars: { LONG: 'x'.repeat(70_000) } });
    await sandbox.close();
    const body = join(state, 'bodies', readdirSync(join(state, 'bodies'))[0] ?? '');
    appendFileSync(body, ' ');
    expect(await refusal({ state })).toContain(`${body}, the body of a request, is not what was written`);
    rmSync(body);
    expect(await refusal({ state })).toContain(`${body}, the body of a request, cannot be read`);
  });

  test('settings that contradict those it began with; the same ones and more people are welcome', async () => {
    const { state, sandbox } = await kept();
    await sandbox.close();
    expect(await refusal({ state, speed: 3, seed: 'other' })).toContain(
      'speed is 2 there, and 3 was asked for; seed is "sandbox" there, and "other" was asked for',
    );
    const again = await openSandbox({ state, speed: 2, people: [ANN, 'new@example.com'] });
    expect(again.sandbox.tokenFor('new@example.com')).toMatch(/^dapi/);
    await again.sandbox.close();
    const third = await openSandbox({ state });
    expect(third.sandbox.tokenFor('new@example.com')).toMatch(/^dapi/);
  });

  test('other nodes than it began with', async () => {
    const { state, sandbox, journal } = await kept();
    await sandbox.close();
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"nodes":"simulated"', '"nodes":"real"'));
    expect(await refusal({ state })).toContain('began with other nodes: real there, and simulated now');
  });

  test('a folder that holds something else is left as it is', async () => {
    const state = newFolder();
    mkdirSync(state);
    writeFileSync(join(state, 'thesis.txt'), 'x');
    expect(await refusal({ state })).toContain('no state of a sandbox (thesis.txt)');
    expect(readdirSync(state)).toEqual(['thesis.txt']);
  });

  test('a request that this sandbox cannot carry out again is named, and the rest goes on', async () => {
    const { state, sandbox, journal } = await kept();
    await sandbox.close();
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('clusters/create', 'clusters/conjure'));
    const again = await openSandbox({ state });
    expect(again.sandbox.remarks).toEqual([
      'Line 2 of the journal, POST /api/2.1/clusters/conjure, was answered 200 then and could not be carried out again: this version of the sandbox has no such route.',
    ]);
    expect(again.sandbox.books().clusters).toHaveLength(1);
  });
});

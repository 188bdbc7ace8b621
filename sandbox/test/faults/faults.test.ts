import { describe, expect, test } from 'vitest';
import { readFaultFile } from '../../src/sandbox.ts';
import type { FaultInput } from '../../src/sandbox.ts';
import { Faults } from '../../src/faults/faults.ts';
import { fitsGlob } from '../../src/faults/glob.ts';
import { readFaults } from '../../src/faults/fault.ts';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox, spec, scratchFolder } from '../harness.ts';
import type { Client } from '../harness.ts';

const CREATE = 'POST /api/2.1/clusters/create';
const LIST = 'GET /api/2.1/clusters/list';
const LONG = 60 * MINUTE;

const open = (...faults: readonly FaultInput[]) => openSandbox({ faults });
const create = (client: Client, more: Readonly<Record<string, unknown>> = {}) =>
  client('POST', '/api/2.1/clusters/create', spec(more));
const list = (client: Client, query = '') => client('GET', `/api/2.1/clusters/list${query}`);
/** What a client makes of a connection that ends without an answer. */
const lost = (answer: Promise<unknown>) => expect(answer).rejects.toThrow('fetch failed');
/** The code of what the system said of it. */
const causeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    (error: { cause?: { code?: string } }) => error.cause?.code,
  );

describe('requests', () => {
  test('a status comes in place of the answer, in the shape of Databricks, and nothing is done', async () => {
    const { admin, sandbox } = await open({
      name: 'busy',
      route: CREATE,
      count: 1,
      effect: { status: 429, retryAfter: 7 },
    });
    const refused = await create(admin);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('7');
    expect(refused.json).toMatchObject({
      error_code: 'REQUEST_LIMIT_EXCEEDED',
      message: expect.stringContaining('try again later'),
    });
    expect(sandbox.books().clusters).toEqual([]);
    expect((await create(admin)).status).toBe(200);
    expect(sandbox.books().faults).toEqual([{ name: 'busy', fired: 1 }]);
    expect(sandbox.books().requests.byStatus['429']).toBe(1);
  });

  test('a 429 without Retry-After has none', async () => {
    const { admin } = await open({
      route: CREATE,
      effect: { status: 429, error_code: 'RESOURCE_EXHAUSTED', message: 'Slow down.' },
    });
    const refused = await create(admin);
    expect(refused.headers.get('retry-after')).toBeNull();
    expect(refused.json).toMatchObject({ error_code: 'RESOURCE_EXHAUSTED', message: 'Slow down.' });
    expect(refused.text).not.toContain('RetryInfo');
  });

  test.each([
    ['a page of a proxy', '<html>Sign in</html>', 'text/html', '<html>Sign in</html>'],
    ['text', 'MALFORMED_REQUEST: no', 'text/plain', 'MALFORMED_REQUEST: no'],
    ['JSON', { error: 'odd' }, 'application/json', '{"error":"odd"}'],
  ])('a body of its own: %s', async (_name, body, type, text) => {
    const { admin } = await open({ route: LIST, effect: { status: 502, body } });
    const answer = await list(admin);
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([502, type, text]);
  });

  test('SCIM errors keep their own shape', async () => {
    const { admin } = await open({ route: '* /api/2.0/preview/scim/*', effect: { status: 503 } });
    expect((await admin('GET', '/api/2.0/preview/scim/v2/Users')).json).toMatchObject({
      status: '503',
      detail: expect.stringContaining('temporarily unavailable'),
    });
  });

  test('a reset does nothing, a lost answer everything', async () => {
    const { admin, sandbox } = await open(
      { name: 'reset', route: CREATE, count: 1, effect: { reset: true } },
      { name: 'lost', route: CREATE, offset: 1, count: 1, effect: { lostAnswer: true } },
    );
    expect(await causeOf(create(admin))).toBe('ECONNRESET');
    expect(sandbox.books().clusters).toHaveLength(0);
    expect(await causeOf(create(admin))).toBe('UND_ERR_SOCKET');
    expect(sandbox.books().clusters).toHaveLength(1);
    expect((await create(admin)).status).toBe(200);
  });

  test('a lost answer may also be a refusal', async () => {
    const { admin, sandbox } = await open({ route: CREATE, effect: { lostAnswer: true } });
    await lost(create(admin, { node_type_id: 'none' }));
    expect(sandbox.books().clusters).toEqual([]);
  });

  test('a delete that does not take the first time', async () => {
    const { admin, pass } = await open({
      route: 'POST /api/2.?/clusters/permanent-delete',
      count: 1,
      effect: { ignored: true },
    });
    const id = await createCluster(admin);
    pass(LONG);
    const once = await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    expect([once.status, once.json]).toEqual([200, {}]);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    expect((await getCluster(admin, id)).message).toContain('does not exist');
  });

  test('latency adds up, by the clock on the wall', async () => {
    const { admin } = await open(
      { route: LIST, effect: { latency: '60ms' } },
      { route: 'GET /*', effect: { latency: '40ms' } },
    );
    const before = performance.now();
    expect((await list(admin)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(95);
  });

  test('one person’s requests, and nobody else’s', async () => {
    const { admin, sandbox } = await open({ cluster: { person: 'ANN@*' }, effect: { status: 503 } });
    expect((await create(admin)).status).toBe(503);
    const bens = await createCluster(admin, { single_user_name: BEN });
    expect((await getCluster(admin, bens)).state).toBe('PENDING');
    expect((await list(admin)).json.clusters).toHaveLength(1);
    expect(sandbox.books().faults[0]?.fired).toBe(1);
  });

  test('a pool, and the clusters that take their nodes from it', async () => {
    const { admin } = await open({ pool: { name: 'warm-*' }, offset: 1, effect: { status: 500 } });
    const made = await admin('POST', '/api/2.0/instance-pools/create', {
      instance_pool_name: 'warm-1',
      node_type_id: 'Standard_D4ds_v5',
    });
    expect(made.status).toBe(200);
    const get = () => admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${made.json.instance_pool_id}`);
    expect([(await get()).status, (await get()).status]).toEqual([200, 500]);
    const ofPool = { node_type_id: undefined, instance_pool_id: made.json.instance_pool_id };
    expect([(await create(admin, ofPool)).status, (await create(admin, ofPool)).status]).toEqual([200, 500]);
  });

  test('tags and names choose clusters', async () => {
    const { admin } = await open({ cluster: { name: ['a-*', 'b-?'], tag: { seat: '7*' } }, effect: { status: 500 } });
    const status = async (cluster_name: string, seat: string) =>
      (await create(admin, { cluster_name, custom_tags: { seat } })).status;
    expect([
      await status('a-x', '77'),
      await status('b-1', '7'),
      await status('b-12', '7'),
      await status('a-x', '8'),
    ]).toEqual([500, 500, 200, 200]);
  });

  test('offset and count are of each resource and route, not of all together', async () => {
    const { admin } = await open({ route: '* /api/*/clusters/create', offset: 1, count: 1, effect: { status: 500 } });
    const three = async (person: string) =>
      [
        await create(admin, { single_user_name: person }),
        await create(admin, { single_user_name: person }),
        await create(admin, { single_user_name: person }),
      ].map(({ status }) => status);
    expect(await three(ANN)).toEqual([200, 500, 200]);
    expect(await three(BEN)).toEqual([200, 500, 200]);
  });

  test('from and until are a real workspace’s time from the sandbox’s start', async () => {
    const { admin, pass } = await openSandbox({
      speed: 60,
      faults: [{ route: LIST, from: '10m', until: '20m', effect: { status: 503 } }],
    });
    const statuses = [(await list(admin)).status];
    pass(10_000);
    statuses.push((await list(admin)).status);
    pass(10_000);
    statuses.push((await list(admin)).status);
    expect(statuses).toEqual([200, 503, 200]);
  });
});

describe('draws', () => {
  const PEOPLE = Array.from({ length: 40 }, (_, index) => `person${index}@example.com`);
  const hitOf = async (people: readonly string[], fault: Partial<FaultInput> = {}) => {
    const { admin } = await openSandbox({
      people,
      faults: [{ name: 'some', route: CREATE, probability: 0.4, seed: 'monday', effect: { status: 500 }, ...fault }],
    });
    const answers = await Promise.all(
      people.map(async (person) => ({
        person,
        status: (await create(admin, { single_user_name: person, cluster_name: `${Math.random()}` })).status,
      })),
    );
    return answers
      .filter(({ status }) => status === 500)
      .map(({ person }) => person)
      .toSorted();
  };

  test('hit the same people in whatever order they come and however clusters are called', async () => {
    const hit = await hitOf(PEOPLE);
    expect(hit.length).toBeGreaterThan(5);
    expect(hit.length).toBeLessThan(30);
    expect(await hitOf(PEOPLE.toReversed())).toEqual(hit);
    expect(await hitOf([...PEOPLE.slice(20), ...PEOPLE.slice(0, 20)])).toEqual(hit);
  });

  test('follow the seed, not the name', async () => {
    const hit = await hitOf(PEOPLE);
    expect(await hitOf(PEOPLE, { name: 'another' })).toEqual(hit);
    expect(await hitOf(PEOPLE, { seed: 'tuesday' })).not.toEqual(hit);
  });

  test('count and probability together: only the first is drawn', async () => {
    const { admin } = await open({ route: CREATE, probability: 1, count: 1, effect: { status: 500 } });
    expect([(await create(admin)).status, (await create(admin)).status]).toEqual([500, 200]);
  });
});

describe('launches', () => {
  test.each([
    ['CLOUD_PROVIDER_RESOURCE_STOCKOUT', 'CLOUD_FAILURE', 'azure_error_code'],
    ['AZURE_QUOTA_EXCEEDED_EXCEPTION', 'CLIENT_ERROR', 'azure_error_message'],
    ['SUBNET_EXHAUSTED_FAILURE', 'CLIENT_ERROR', 'azure_error_message'],
    ['DRIVER_UNREACHABLE', 'SERVICE_FAULT', 'databricks_error_message'],
    ['SOMETHING_NEW', 'SERVICE_FAULT', 'databricks_error_message'],
  ])('%s: 200, then PENDING, TERMINATING, TERMINATED with the reason', async (code, type, parameter) => {
    const { admin, pass, sandbox } = await open({
      cluster: { person: ANN },
      effect: { launchFails: { code, after: '90s' } },
    });
    const anns = await createCluster(admin);
    const bens = await createCluster(admin, { single_user_name: BEN });
    pass(89_000);
    expect((await getCluster(admin, anns)).state).toBe('PENDING');
    pass(LONG);
    const failed = await getCluster(admin, anns);
    expect(failed).toMatchObject({
      state: 'TERMINATED',
      termination_reason: { code, type, parameters: { [parameter]: expect.stringMatching(/\w/) } },
    });
    expect(failed.state_message).toBe(failed.termination_reason.parameters.databricks_error_message);
    expect((await getCluster(admin, bens)).state).toBe('RUNNING');
    expect(sandbox.books().clusters[0]?.history.map(({ state }) => state)).toEqual([
      'PENDING',
      'TERMINATING',
      'TERMINATED',
    ]);
  });

  test('words and parameters of one’s own', async () => {
    const { admin, pass } = await open({
      effect: {
        launchFails: { code: 'X_Y', type: 'CLOUD_FAILURE', message: 'No more.', parameters: { instance_id: 'vm-1' } },
      },
    });
    const id = await createCluster(admin);
    pass(LONG);
    expect((await getCluster(admin, id)).termination_reason).toEqual({
      code: 'X_Y',
      type: 'CLOUD_FAILURE',
      parameters: { databricks_error_message: 'No more.', instance_id: 'vm-1' },
    });
  });

  test('a pool at its capacity names the pool, and gives no instance', async () => {
    const { admin, pass } = await open({
      pool: { name: 'warm' },
      effect: { launchFails: { code: 'INSTANCE_POOL_MAX_CAPACITY_REACHED' } },
    });
    const { instance_pool_id } = (
      await admin('POST', '/api/2.0/instance-pools/create', {
        instance_pool_name: 'warm',
        node_type_id: 'Standard_D4ds_v5',
      })
    ).json;
    const id = await createCluster(admin, { node_type_id: undefined, instance_pool_id });
    pass(LONG);
    expect((await getCluster(admin, id)).termination_reason).toMatchObject({
      code: 'INSTANCE_POOL_MAX_CAPACITY_REACHED',
      parameters: { instance_pool_id },
    });
    expect(
      (await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${instance_pool_id}`)).json.stats.used_count,
    ).toBe(0);
  });

  test('an init script that fails is in the events, node and all', async () => {
    const { admin, pass } = await open({
      cluster: { person: [ANN] },
      effect: { launchFails: { code: 'INIT_SCRIPT_FAILURE', message: 'exit code 7' } },
    });
    const volume = '/Volumes/main/default/scripts';
    expect(
      (
        await admin('POST', '/api/2.1/unity-catalog/volumes', {
          catalog_name: 'main',
          schema_name: 'default',
          name: 'scripts',
          volume_type: 'MANAGED',
        })
      ).status,
    ).toBe(200);
    expect((await admin('PUT', `/api/2.0/fs/files${volume}/setup.sh`, 'true')).status).toBe(204);
    const grants = [
      ['catalog', 'main', 'USE_CATALOG'],
      ['schema', 'main.default', 'USE_SCHEMA'],
      ['volume', 'main.default.scripts', 'READ_VOLUME'],
    ];
    for (const [type, name, privilege] of grants)
      expect(
        (
          await admin('PATCH', `/api/2.1/unity-catalog/permissions/${type}/${name}`, {
            changes: [{ principal: ANN, add: [privilege] }],
          })
        ).status,
      ).toBe(200);
    const id = await createCluster(admin, {
      init_scripts: [
        { volumes: { destination: `${volume}/setup.sh` } },
        { volumes: { destination: `${volume}/setup.sh` } },
      ],
    });
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: {
        code: 'INIT_SCRIPT_FAILURE',
        parameters: { databricks_error_message: 'Cluster scoped init script failed: exit code 7' },
      },
    });
    const { events } = (
      await admin('POST', '/api/2.1/clusters/events', { cluster_id: id, event_types: ['INIT_SCRIPTS_FINISHED'] })
    ).json;
    expect(events[0].details.init_scripts.cluster).toMatchObject([
      { status: 'FAILED_EXECUTION', error_message: 'exit code 7' },
      { status: 'NOT_EXECUTED' },
    ]);
  });

  test('a cluster without init scripts fails of one all the same', async () => {
    const { admin, pass } = await open({ effect: { launchFails: { code: 'INIT_SCRIPT_FAILURE' } } });
    const id = await createCluster(admin);
    pass(LONG);
    expect((await getCluster(admin, id)).termination_reason.code).toBe('INIT_SCRIPT_FAILURE');
  });

  test('one that hangs is PENDING until somebody ends it, and the next launch may be spared', async () => {
    const { admin, pass } = await open({ count: 1, effect: { hangs: true } });
    const id = await createCluster(admin);
    pass(24 * LONG);
    expect((await getCluster(admin, id)).state).toBe('PENDING');
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(MINUTE);
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    pass(LONG);
    expect((await getCluster(admin, id)).state).toBe('RUNNING');
  });

  test('one that dies in the middle of the event dies that long after it ran', async () => {
    const { admin, pass, sandbox } = await openSandbox({
      speed: 10,
      faults: [{ effect: { dies: { code: 'DRIVER_UNREACHABLE', after: '40m' } } }],
    });
    const id = await createCluster(admin);
    pass(LONG);
    expect(await getCluster(admin, id)).toMatchObject({
      state: 'TERMINATED',
      termination_reason: { code: 'DRIVER_UNREACHABLE' },
    });
    const at = Object.fromEntries(sandbox.books().clusters[0]?.history.map((step) => [step.state, step.at]) ?? []);
    expect((at['TERMINATING'] ?? 0) - (at['RUNNING'] ?? 0)).toBe(4 * MINUTE);
  });

  test('a launch bucket refuses with 429 and a Retry-After that holds', async () => {
    const { admin, pass, sandbox } = await open({
      name: 'slow',
      effect: { launchBucket: { burst: 2, perSecond: 0.1 } },
    });
    await createCluster(admin);
    await createCluster(admin);
    const refused = await create(admin);
    expect([refused.status, refused.json.error_code, refused.headers.get('retry-after')]).toEqual([
      429,
      'REQUEST_LIMIT_EXCEEDED',
      '10',
    ]);
    pass(10_000);
    await createCluster(admin);
    expect(sandbox.books().faults).toEqual([{ name: 'slow', fired: 1 }]);
  });

  test('the cloud gives a pool no machine until it does: the pool says why, and clusters wait', async () => {
    const { admin, pass } = await open({
      name: 'quota',
      pool: { name: 'warm' },
      until: '2h',
      effect: { noInstances: { message: 'QuotaExceeded: no cores left' } },
    });
    const made = async (instance_pool_name: string) =>
      (
        await admin('POST', '/api/2.0/instance-pools/create', {
          instance_pool_name,
          node_type_id: 'Standard_D4ds_v5',
          min_idle_instances: 2,
        })
      ).json.instance_pool_id as string;
    const get = async (id: string) => (await admin('GET', `/api/2.0/instance-pools/get?instance_pool_id=${id}`)).json;
    const [warm, other] = [await made('warm'), await made('other')];
    const cluster = await createCluster(admin, { node_type_id: undefined, instance_pool_id: warm });
    pass(LONG);
    const { stats, status } = await get(warm);
    expect(stats).toMatchObject({ idle_count: 0, used_count: 0 });
    expect(status.pending_instance_errors[0]).toEqual({
      instance_id: expect.stringMatching(/./),
      message: 'QuotaExceeded: no cores left',
    });
    expect(status.pending_instance_errors.length).toBeLessThanOrEqual(20);
    expect((await getCluster(admin, cluster)).state).toBe('PENDING');
    expect(await get(other)).toMatchObject({ stats: { idle_count: 2 }, status: {} });
    pass(3 * LONG);
    expect(await get(warm)).toMatchObject({ stats: { idle_count: 2, used_count: 1 }, status: {} });
    expect((await getCluster(admin, cluster)).state).toBe('RUNNING');
  });

  test('what was counted is plain data and can be taken up again', () => {
    const faults: FaultInput[] = [{ name: 'once', count: 1, effect: { hangs: true } }];
    const read = readFaults(faults);
    if (!read.ok) throw new Error('unreadable');
    const before = new Faults(read.faults, 1, 0);
    expect(before.onLaunch({ cluster_name: 'x' }, undefined, 0)).toEqual({ kind: 'hangs' });
    const after = new Faults(read.faults, 1, 0);
    after.restore(structuredClone(before.state()));
    expect(after.list()).toMatchObject([{ fired: 1 }]);
    expect(after.onLaunch({ cluster_name: 'x' }, undefined, 1)).toBeUndefined();
  });
});

test('a state that is kept goes on with its faults', async () => {
  const state = scratchFolder();
  const faults: FaultInput[] = [
    { cluster: { person: ANN }, count: 1, effect: { launchFails: { code: 'DRIVER_UNREACHABLE' } } },
  ];
  const before = await openSandbox({ state, faults });
  const id = await createCluster(before.admin);
  before.pass(LONG);
  await before.admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
  await before.sandbox.close();
  await expect(openSandbox({ state, faults: [] })).rejects.toThrow(/faults is .* there, and \[\] was asked for/);
  const after = await openSandbox({ state, faults });
  expect(after.sandbox.books()).toMatchObject({ faults: [{ fired: 1 }], clusters: [{ state: 'PENDING' }] });
  after.pass(3 * LONG);
  expect(after.sandbox.books().clusters[0]?.history.map((step) => step.state)).toEqual([
    'PENDING',
    'TERMINATING',
    'TERMINATED',
    'PENDING',
    'RUNNING',
  ]);
});

describe('stale lists', () => {
  test('show what was there then, as it was then', async () => {
    const { admin, pass } = await open({ route: LIST, offset: 1, count: 3, effect: { stale: '30s' } });
    const id = await createCluster(admin);
    expect((await list(admin)).json.clusters).toHaveLength(1);
    pass(29_000);
    expect((await list(admin)).json.clusters).toBeUndefined();
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: id });
    pass(10_000);
    expect((await list(admin)).json.clusters).toMatchObject([{ cluster_id: id, state: 'RUNNING', state_message: '' }]);
    pass(25_000);
    expect((await list(admin)).json.clusters).toBeUndefined();
  });

  test('know why a cluster had ended, and that it had not been started again', async () => {
    const { admin, pass } = await open({ route: LIST, effect: { stale: '20s' } });
    const id = await createCluster(admin);
    pass(LONG);
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    pass(2 * MINUTE);
    const down = await getCluster(admin, id);
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    pass(10_000);
    expect((await list(admin)).json.clusters).toEqual([down]);
    expect((await list(admin, '?filter_by.cluster_states=PENDING')).json.clusters).toBeUndefined();
    pass(10_000);
    expect((await list(admin)).json.clusters).toMatchObject([{ state: 'PENDING' }]);
  });
});

describe('the list of faults while the sandbox runs', () => {
  const made = (...faults: FaultInput[]) => {
    const read = readFaults(faults);
    if (!read.ok) throw new Error('unreadable');
    return new Faults(read.faults, 1, 0);
  };
  const subject = { key: 'x' };

  test('is replaced, added to and emptied; a wrong one changes nothing', () => {
    const faults = made({ name: 'a', route: LIST, effect: { status: 500 } });
    faults.onRequest(LIST, subject, 0);
    expect(faults.add({ name: 'b', route: CREATE, effect: { reset: true } }).ok).toBe(true);
    expect(faults.list()).toMatchObject([
      { fault: { name: 'a' }, fired: 1 },
      { fault: { name: 'b' }, fired: 0 },
    ]);
    expect(faults.add({ name: 'a', route: CREATE, effect: { reset: true } })).toMatchObject({
      ok: false,
      problems: [{ path: [2, 'name'] }],
    });
    expect(faults.replace([{ effect: { reset: true } }])).toMatchObject({
      ok: false,
      problems: [{ message: 'must say what it happens to: route, cluster or pool' }],
    });
    expect(faults.list()).toHaveLength(2);
    expect(faults.replace([{ name: 'c', route: LIST, effect: { reset: true } }]).ok).toBe(true);
    expect(faults.list()).toMatchObject([{ fault: { name: 'c' }, fired: 0 }]);
    expect(faults.replace([]).ok).toBe(true);
    expect(faults.isEmpty).toBe(true);
  });
});

describe('a fault file that is wrong', () => {
  test.each([
    ['nothing', '', 1, '', /list of faults under "faults:"/],
    ['a list', '- a\n', 1, '', /list of faults under "faults:"/],
    ['another field', 'faults: []\nfault: 1\n', 2, 'fault', /there is only faults/],
    ['broken YAML', 'faults:\n  - effect: {status: 500\n', 2, '', /not valid YAML/],
    ['a tab', 'faults:\n\t- effect: {}\n', 2, '', /tab/],
    ['an alias', 'faults: &a\n  - *a\n', 1, '', /alias/],
    [
      'an unknown field',
      'faults:\n  - route: GET /x\n    proability: 0.5\n    effect: {reset: true}\n',
      3,
      'faults[0].proability',
      /is no field here: there are name, route, cluster, pool, probability/,
    ],
    [
      'an unknown effect',
      'faults:\n  - route: GET /x\n    effect:\n      explode: true\n',
      4,
      'faults[0].effect.explode',
      /there are status, latency, reset/,
    ],
    ['no effect', 'faults:\n  - route: GET /x\n', 2, 'faults[0].effect', /is missing/],
    [
      'two effects',
      'faults:\n  - route: GET /x\n    effect: {reset: true, status: 500}\n',
      3,
      'faults[0].effect',
      /has status and reset: a fault has one effect/,
    ],
    ['no target', 'faults:\n  - effect: {reset: true}\n', 2, 'faults[0]', /route, cluster or pool/],
    [
      'a span without a unit',
      'faults:\n  - route: GET /x\n    effect: {latency: 30}\n',
      3,
      'faults[0].effect.latency',
      /250ms, 45s, 10m, 1h30m/,
    ],
    [
      'a route without a method',
      'faults:\n  - route: /api/x\n    effect: {reset: true}\n',
      2,
      'faults[0].route',
      /must be a method/,
    ],
    [
      'a probability of 3',
      'faults:\n  - route: GET /x\n    probability: 3\n    effect: {reset: true}\n',
      3,
      'faults[0].probability',
      /1/,
    ],
    [
      'a message without a status',
      'faults:\n  - route: GET /x\n    effect: {reset: true, message: x}\n',
      3,
      'faults[0].effect.message',
      /only goes with status/,
    ],
    [
      'a launch by route',
      'faults:\n  - route: POST /x\n    effect: {hangs: true}\n',
      2,
      'faults[0].route',
      /does not go with hangs/,
    ],
    [
      'a stale pool',
      'faults:\n  - route: GET /api/2.0/instance-pools/list\n    effect: {stale: 30s}\n',
      2,
      'faults[0].route',
      /the only list that can be stale/,
    ],
    [
      'an empty cluster',
      'faults:\n  - cluster: {}\n    effect: {hangs: true}\n',
      2,
      'faults[0].cluster',
      /person, name or tag/,
    ],
    [
      'until before from',
      'faults:\n  - route: GET /x\n    from: 2h\n    until: 90m\n    effect: {reset: true}\n',
      4,
      'faults[0].until',
      /later than from/,
    ],
    [
      'a code that is none',
      'faults:\n  - effect:\n      launchFails: {code: stockout}\n',
      3,
      'faults[0].effect.launchFails.code',
      /CLOUD_PROVIDER_RESOURCE_STOCKOUT/,
    ],
    [
      'a bucket that counts',
      'faults:\n  - count: 1\n    effect: {launchBucket: {burst: 1, perSecond: 1}}\n',
      2,
      'faults[0].count',
      /launchBucket/,
    ],
    [
      'a count of what is always on',
      'faults:\n  - offset: 1\n    effect: {noInstances: {message: x}}\n',
      2,
      'faults[0].offset',
      /from and until do/,
    ],
    [
      'machines of clusters',
      'faults:\n  - cluster: {name: x}\n    effect: {noInstances: {message: x}}\n',
      2,
      'faults[0].cluster',
      /happens to pools/,
    ],
    [
      'a name twice',
      'faults:\n  - {name: a, effect: {hangs: true}}\n  - {name: a, effect: {hangs: true}}\n',
      3,
      'faults[1].name',
      /earlier fault/,
    ],
  ])('%s', (_name, text, line, field, message) => {
    const read = readFaultFile(text);
    if (read.ok) throw new Error('it was taken');
    expect(read.problems).toEqual([{ line, field, message: expect.stringMatching(message) }]);
  });

  test('every problem is found in one go', () => {
    const read = readFaultFile('faults:\n  - {route: x, effect: {reset: true}}\n  - {effect: {hangs: false}}\n');
    expect(read).toMatchObject({
      ok: false,
      problems: [
        { line: 2, field: 'faults[0].route' },
        { line: 3, field: 'faults[1].effect.hangs' },
      ],
    });
  });

  test('an option that is wrong is refused before the sandbox starts', async () => {
    await expect(open({ effect: { reset: true } })).rejects.toThrow(/option faults\.0 must say what it happens to/);
  });
});

test('a hostile pattern takes no time', () => {
  expect(fitsGlob(`${'*a'.repeat(400)}b`, 'a'.repeat(20_000))).toBe(false);
});

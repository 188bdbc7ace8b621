import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { ANN, BEN, clientOf, createCluster, getCluster, MINUTE, openSandbox } from '../harness.ts';

/** What a client that sets headers by hand is answered; fetch does not let them be set. */
function asked(
  url: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const open = async () => {
  const world = await openSandbox();
  return { ...world, control: clientOf(world.sandbox, undefined) };
};

describe('the list of control routes', () => {
  test('names every route, what it does and what it takes', async () => {
    const { control } = await open();
    const { routes } = (await control('GET', '/__sandbox/')).json;
    for (const { route, does } of routes) {
      expect(does, route).toMatch(/\w/);
      const [method, path] = route.split(' ');
      if (method === 'GET') expect((await control('GET', path)).status, route).toBe(200);
    }
    expect(routes.map(({ route }: { route: string }) => route)).toEqual(
      expect.arrayContaining(['GET /__sandbox/books', 'POST /__sandbox/clock', 'POST /__sandbox/users']),
    );
    expect((await control('GET', '/__sandbox')).json.routes).toEqual(routes);
  });

  test('what is not there, another method and a broken body are said in words', async () => {
    const { control } = await open();
    expect((await control('GET', '/__sandbox/nothing')).json.error).toBe(
      'There is no such route here. GET /__sandbox/ lists all of them.',
    );
    const other = await control('DELETE', '/__sandbox/clock');
    expect(other.status).toBe(405);
    expect(other.json.error).toContain('takes GET and POST only');
    expect(await control('POST', '/__sandbox/clock', '{')).toMatchObject({ status: 400 });
    const wrong = await control('POST', '/__sandbox/users', { user_name: 7 });
    expect(wrong.status).toBe(400);
    expect(wrong.json.error).toContain('user_name: ');
  });
});

describe('who may drive the sandbox', () => {
  test.each([
    ['a page of another site', { origin: 'https://evil.example' }, 'answer no web page'],
    ['a sandboxed frame', { origin: 'null' }, 'answer no web page'],
    ['an image in a page', { 'sec-fetch-site': 'cross-site' }, 'answer no web page'],
    ['a name that was made to point here', { host: 'evil.example' }, 'not as evil.example'],
    ['a name that begins like this machine', { host: '127.0.0.1.evil.example:80' }, 'address of this machine'],
  ])('%s is refused', async (_, headers: Record<string, string>, words) => {
    const { sandbox } = await open();
    for (const [method, path] of [
      ['GET', 'books'],
      ['POST', 'tokens'],
    ] as const) {
      const answer = await asked(`${sandbox.url}/__sandbox/${path}`, headers, method);
      expect(answer.status).toBe(403);
      expect(answer.text).toContain(words);
    }
  });

  test.each([{ host: 'localhost:1234' }, { host: '[::1]:80' }, { 'sec-fetch-site': 'none' }])(
    'this machine is not: %j',
    async (headers: Record<string, string>) => {
      const { sandbox } = await open();
      expect((await asked(`${sandbox.url}/__sandbox/clock`, headers)).status).toBe(200);
    },
  );
});

describe('the clock', () => {
  test('goes forward by a duration or to a moment, and what was due happens at its exact moment', async () => {
    const { control, admin, sandbox, now } = await open();
    const id = await createCluster(admin, { autotermination_minutes: 30 });
    const answer = (await control('POST', '/__sandbox/clock', { advance: '1h30m' })).json;
    expect(answer).toEqual({
      now: new Date(now() + 90 * MINUTE).toISOString(),
      epoch_ms: now() + 90 * MINUTE,
      ahead_ms: 90 * MINUTE,
    });
    const history = sandbox.books().clusters[0]?.history ?? [];
    expect(history.map(({ state }) => state)).toEqual(['PENDING', 'RUNNING', 'TERMINATING', 'TERMINATED']);
    expect((history[2]?.at ?? 0) - (history[1]?.at ?? 0)).toBe(30 * MINUTE);
    expect((await getCluster(admin, id)).state).toBe('TERMINATED');
    expect((await control('POST', '/__sandbox/clock', { set: '2027-03-17T08:00:00Z' })).json.now).toBe(
      '2027-03-17T08:00:00.000Z',
    );
    expect((await control('GET', '/__sandbox/clock')).json.now).toBe('2027-03-17T08:00:00.000Z');
  });

  test.each([
    [{ set: '2020-01-01T00:00:00Z' }, 'only goes forward'],
    [{ set: 'tomorrow' }, 'is no moment'],
    [{ advance: '-1h' }, 'is no duration'],
    [{ advance: '2 hours' }, 'is no duration'],
    [{ advance: '9999d' }, 'ten years'],
    [{ advance: '1h', set: '2027-03-17T08:00:00Z' }, 'not what this route takes'],
    [{}, 'not what this route takes'],
  ])('%j is refused', async (body, words) => {
    const { control } = await open();
    const answer = await control('POST', '/__sandbox/clock', body);
    expect(answer.status).toBe(400);
    expect(answer.json.error).toContain(words);
    expect((await control('GET', '/__sandbox/clock')).json.ahead_ms).toBe(0);
  });
});

describe('people', () => {
  test('a new user comes with a token, one that is there stays as they are', async () => {
    const { control, sandbox } = await open();
    const { token } = (
      await control('POST', '/__sandbox/users', {
        user_name: 'cy@example.com',
        display_name: 'Cy',
        groups: ['trainers'],
      })
    ).json;
    const me = (await clientOf(sandbox, token)('GET', '/api/2.0/preview/scim/v2/Me')).json;
    expect(me).toMatchObject({ userName: 'cy@example.com', displayName: 'Cy' });
    expect(
      (await control('POST', '/__sandbox/users', { user_name: 'cy@example.com', display_name: 'Other' })).status,
    ).toBe(200);
    const { users } = (await control('GET', '/__sandbox/users')).json;
    expect(users.find((user: { user_name: string }) => user.user_name === 'cy@example.com')).toEqual({
      user_name: 'cy@example.com',
      display_name: 'Cy',
      kind: 'user',
      active: true,
      groups: ['users', 'trainers'],
    });
    expect(JSON.stringify(users)).not.toContain('dapi');
  });

  test('tokens, groups and service principals', async () => {
    const { control, sandbox } = await open();
    const { token } = (await control('POST', '/__sandbox/tokens', { user_name: ANN })).json;
    expect((await clientOf(sandbox, token)('GET', '/api/2.0/preview/scim/v2/Me')).json.userName).toBe(ANN);
    expect(await control('POST', '/__sandbox/tokens', { user_name: 'nobody@example.com' })).toMatchObject({
      status: 404,
      json: { error: 'There is no user nobody@example.com in the sandbox: add them with POST /__sandbox/users.' },
    });
    expect((await control('POST', '/__sandbox/groups', { display_name: 'trainers', members: [BEN] })).status).toBe(200);
    expect(
      (await control('POST', '/__sandbox/groups', { display_name: 'others', members: ['nobody@example.com'] })).status,
    ).toBe(404);
    const { client_id, client_secret } = (
      await control('POST', '/__sandbox/service-principals', { display_name: 'robot', groups: ['admins'] })
    ).json;
    const signedIn = await control(
      'POST',
      '/oidc/v1/token',
      `grant_type=client_credentials&client_id=${client_id}&client_secret=${client_secret}`,
    );
    expect(signedIn.status).toBe(200);
  });
});

describe('faults', () => {
  const fault = (name: string) => ({ name, route: 'GET /api/2.1/clusters/list', count: 1, effect: { status: 503 } });

  test('are added, put in the place of others, and taken away, and say how often they hit', async () => {
    const { control, admin, sandbox } = await open();
    expect((await control('POST', '/__sandbox/faults', { faults: [fault('a')] })).json.faults).toEqual([
      { ...fault('a'), fired: 0 },
    ]);
    expect((await admin('GET', '/api/2.1/clusters/list')).status).toBe(503);
    expect((await control('POST', '/__sandbox/faults', { faults: [fault('b')] })).json.faults).toEqual([
      { ...fault('a'), fired: 1 },
      { ...fault('b'), fired: 0 },
    ]);
    expect((await control('PUT', '/__sandbox/faults', { faults: [fault('c')] })).json.faults).toEqual([
      { ...fault('c'), fired: 0 },
    ]);
    expect((await control('DELETE', '/__sandbox/faults')).json.faults).toEqual([]);
    expect((await admin('GET', '/api/2.1/clusters/list')).status).toBe(200);
    expect(sandbox.books().faults).toEqual([]);
  });

  test('that are none change nothing, and it is said which and why', async () => {
    const { control } = await open();
    await control('POST', '/__sandbox/faults', { faults: [fault('a')] });
    for (const [body, words] of [
      [{}, 'must be {"faults": [...]}'],
      [
        { faults: [fault('b'), { route: 'GET /x', effect: { explode: true } }] },
        'fault 2: effect.explode: is no field here',
      ],
      [{ faults: [fault('a')] }, 'is the name of an earlier fault too: a'],
    ] as const) {
      const answer = await control('POST', '/__sandbox/faults', body);
      expect(answer.status).toBe(400);
      expect(answer.json.error).toContain(words);
      expect((await control('GET', '/__sandbox/faults')).json.faults).toHaveLength(1);
    }
  });
});

test('what was asked is counted by client and route, and what is not there by how often', async () => {
  const { control, admin } = await open();
  for (const agent of ['a/1', 'a/1', 'b/2'])
    await admin('GET', '/api/2.1/clusters/list', undefined, { 'user-agent': agent });
  for (const path of ['/api/2.0/x', '/api/2.0/y', '/api/2.0/y'])
    await admin('GET', path, undefined, { 'user-agent': 'b/2' });
  const { requests } = (await control('GET', '/__sandbox/books')).json;
  expect(requests.byClientAndRoute).toEqual({
    'a/1': { 'GET /api/2.1/clusters/list': 2 },
    'b/2': { 'GET /api/2.1/clusters/list': 1, 'GET (no such route)': 3 },
  });
  expect((await control('GET', '/__sandbox/routes/missed')).json.missed).toEqual([
    { route: 'GET /api/2.0/y', count: 2 },
    { route: 'GET /api/2.0/x', count: 1 },
  ]);
  const { routes } = (await control('GET', '/__sandbox/routes')).json;
  expect(routes).toContainEqual(expect.objectContaining({ method: 'POST', path: '/api/2.1/clusters/create' }));
});

import { describe, expect, test } from 'vitest';
import { ANN, BEN, openSandbox } from '../harness.ts';
import type { Answer, Client } from '../harness.ts';

const SCOPE = `${ANN}-0316-090000-abcdefgh-ssh-tunnel-keys`;

const act = (client: Client, what: string, body: unknown) => client('POST', `/api/2.0/secrets/${what}`, body);
const read = (client: Client, what: string) => client('GET', `/api/2.0/secrets/${what}`);
const create = (client: Client, scope = SCOPE, more: Record<string, unknown> = {}) =>
  act(client, 'scopes/create', { scope, ...more });
const put = (client: Client, key: string, value: string) =>
  act(client, 'put', { scope: SCOPE, key, string_value: value });
const get = (client: Client, key: string) => read(client, `get?scope=${SCOPE}&key=${key}`);

const refusal = ({ status, json }: Answer): unknown => [status, json.error_code, json.message];

describe('scopes', () => {
  test('are created by anybody, listed for who may read them, and deleted with what they hold', async () => {
    const { admin, as } = await openSandbox();
    const [ann, ben] = [as(ANN), as(BEN)];
    expect((await read(ann, 'scopes/list')).json).toEqual({});
    expect((await create(ann)).json).toEqual({});
    expect(refusal(await create(ben))).toEqual([400, 'RESOURCE_ALREADY_EXISTS', `Scope ${SCOPE} already exists!`]);
    await create(ben, 'shared', { initial_manage_principal: 'users' });
    expect((await read(ann, 'scopes/list')).json).toEqual({
      scopes: [
        { name: SCOPE, backend_type: 'DATABRICKS' },
        { name: 'shared', backend_type: 'DATABRICKS' },
      ],
    });
    expect((await read(ben, 'scopes/list')).json.scopes).toHaveLength(1);
    expect((await read(admin, 'scopes/list')).json.scopes).toHaveLength(2);
    await put(ann, 'k', 'v');
    expect((await act(ben, 'scopes/delete', { scope: SCOPE })).status).toBe(403);
    expect((await act(ann, 'scopes/delete', { scope: SCOPE })).json).toEqual({});
    await create(ann);
    expect((await get(ann, 'k')).status).toBe(404);
  });

  test('that are not there are 404 for everything', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    for (const answer of [
      await read(ann, 'list?scope=none'),
      await read(ann, 'get?scope=none&key=k'),
      await act(ann, 'put', { scope: 'none', key: 'k', string_value: 'v' }),
      await act(ann, 'delete', { scope: 'none', key: 'k' }),
      await act(ann, 'scopes/delete', { scope: 'none' }),
    ]) {
      expect(refusal(answer)).toEqual([404, 'RESOURCE_DOES_NOT_EXIST', 'Scope none does not exist!']);
    }
  });

  test('are a thousand at most', async () => {
    const { admin } = await openSandbox();
    for (let n = 0; n < 1_000; n += 1) await create(admin, `s${n}`);
    expect((await create(admin, 'one-more')).json.error_code).toBe('RESOURCE_LIMIT_EXCEEDED');
    await act(admin, 'scopes/delete', { scope: 's7' });
    expect((await create(admin, 'one-more')).status).toBe(200);
  });

  test.each([
    [{ scope: 'a b' }],
    [{ scope: '' }],
    [{ scope: 'a/b' }],
    [{ scope: 'x'.repeat(129) }],
    [{ scope: 'a', initial_manage_principal: ANN }],
    [{ scope: 'a', scope_backend_type: 'AZURE_KEYVAULT' }],
  ])('%j is refused', async (body) => {
    const { admin } = await openSandbox();
    expect((await act(admin, 'scopes/create', body)).json.error_code).toBe('INVALID_PARAMETER_VALUE');
  });
});

describe('secrets', () => {
  test('are put as text or bytes, read as base64, listed without values, and deleted', async () => {
    const { as, now } = await openSandbox();
    const ann = as(ANN);
    await create(ann);
    expect((await read(ann, `list?scope=${SCOPE}`)).json).toEqual({});
    expect((await put(ann, 'client-public-key', 'ssh-rsa é')).json).toEqual({});
    expect((await act(ann, 'put', { scope: SCOPE, key: 'bytes', bytes_value: 'AP8=' })).json).toEqual({});
    expect((await get(ann, 'client-public-key')).json).toEqual({
      key: 'client-public-key',
      value: Buffer.from('ssh-rsa é').toString('base64'),
    });
    expect((await get(ann, 'bytes')).json.value).toBe('AP8=');
    expect((await read(ann, `list?scope=${SCOPE}`)).json).toEqual({
      secrets: [
        { key: 'bytes', last_updated_timestamp: now() },
        { key: 'client-public-key', last_updated_timestamp: now() },
      ],
    });
    await put(ann, 'bytes', '');
    expect((await get(ann, 'bytes')).json.value).toBe('');
    expect((await act(ann, 'delete', { scope: SCOPE, key: 'bytes' })).json).toEqual({});
    for (const answer of [await get(ann, 'bytes'), await act(ann, 'delete', { scope: SCOPE, key: 'bytes' })]) {
      expect(refusal(answer)).toEqual([
        404,
        'RESOURCE_DOES_NOT_EXIST',
        `Secret does not exist with scope: ${SCOPE} and key: bytes`,
      ]);
    }
  });

  test.each([
    [{}, 'MALFORMED_REQUEST'],
    [{ string_value: 'hush', bytes_value: 'aHVzaA==' }, 'MALFORMED_REQUEST'],
    [{ bytes_value: 'hush!' }, 'MALFORMED_REQUEST'],
    [{ string_value: ['hush'] }, 'MALFORMED_REQUEST'],
    [{ string_value: 'hush'.repeat(32_769) }, 'INVALID_PARAMETER_VALUE'],
    [{ string_value: 'hush', key: 'a b' }, 'INVALID_PARAMETER_VALUE'],
  ])('a wrong one is refused (%#), and the value is not in the error', async (wrong, code) => {
    const { as } = await openSandbox();
    await create(as(ANN));
    const answer = await act(as(ANN), 'put', { scope: SCOPE, key: 'k', ...wrong });
    expect([answer.status, answer.json.error_code]).toEqual([400, code]);
    expect(answer.text).not.toContain('hush');
  });

  test('of the largest size fit', async () => {
    const { as } = await openSandbox();
    await create(as(ANN));
    expect((await put(as(ANN), 'k', 'x'.repeat(131_072))).status).toBe(200);
  });

  test('are not in the books', async () => {
    const { as, sandbox } = await openSandbox();
    await create(as(ANN));
    await put(as(ANN), 'k', 'hush');
    expect(JSON.stringify(sandbox.books())).not.toContain('hush');
  });
});

describe('who may do what', () => {
  test('who made it and admins everything, others nothing, unless everybody may manage it', async () => {
    const { admin, as } = await openSandbox();
    const [ann, ben] = [as(ANN), as(BEN)];
    await create(ann);
    await put(ann, 'k', 'v');
    const allowed = async () => {
      const tries = [() => get(ben, 'k'), () => read(ben, `list?scope=${SCOPE}`), () => put(ben, 'k', 'v')];
      const answers = [];
      for (const one of tries) answers.push((await one()).status);
      return answers;
    };
    expect(await allowed()).toEqual([403, 403, 403]);
    expect(refusal(await get(ben, 'k'))).toEqual([
      403,
      'PERMISSION_DENIED',
      `User ${BEN} does not have READ permission on scope: ${SCOPE}`,
    ]);
    expect((await get(admin, 'k')).status).toBe(200);
    await act(ann, 'scopes/delete', { scope: SCOPE });
    await create(ann, SCOPE, { initial_manage_principal: 'users' });
    await put(ann, 'k', 'v');
    expect(await allowed()).toEqual([200, 200, 200]);
  });
});

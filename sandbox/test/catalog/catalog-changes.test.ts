import { describe, expect, test } from 'vitest';
import { ANN, BEN, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';

const UC = '/api/2.1/unity-catalog';
const FILES = '/api/2.0/fs/files/Volumes';
const createVolume = (client: Client, name = 'scripts', schema = 'default', catalog = 'main') =>
  client('POST', `${UC}/volumes`, { catalog_name: catalog, schema_name: schema, name, volume_type: 'MANAGED' });
const grant = (client: Client, type: string, name: string, principal: string, ...add: string[]) =>
  client('PATCH', `${UC}/permissions/${type}/${name}`, { changes: [{ principal, add }] });

describe('catalogs and schemas', () => {
  test('a catalog has a schema, is described, renamed with all below, and deleted when empty or by force', async () => {
    const { admin, pass, now } = await openSandbox();
    const made = await admin('POST', `${UC}/catalogs`, { name: 'Course', comment: 'one', properties: { a: 'b' } });
    expect(made.json).toMatchObject({
      name: 'course',
      full_name: 'course',
      comment: 'one',
      properties: { a: 'b' },
      catalog_type: 'MANAGED_CATALOG',
      isolation_mode: 'OPEN',
      browse_only: false,
    });
    expect((await admin('GET', `${UC}/schemas?catalog_name=course`)).json.schemas).toMatchObject([
      { full_name: 'course.default' },
    ]);
    await createVolume(admin, 'data', 'default', 'course');
    await admin('PUT', `${FILES}/course/default/data/a.txt`, 'x');
    pass(1_000);
    const renamed = await admin('PATCH', `${UC}/catalogs/course`, {
      new_name: 'class',
      comment: '',
      owner: ANN,
      isolation_mode: 'ISOLATED',
    });
    expect(renamed.json).toMatchObject({ name: 'class', owner: ANN, isolation_mode: 'ISOLATED', updated_at: now() });
    expect(renamed.json.comment).toBeUndefined();
    expect((await admin('GET', `${UC}/catalogs/course`)).status).toBe(404);
    expect((await admin('GET', `${FILES}/class/default/data/a.txt`)).text).toBe('x');
    const refused = await admin('DELETE', `${UC}/catalogs/class`);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({
      error_code: 'INVALID_STATE',
      message: "Catalog 'class' is not empty. The catalog has 1 schema(s).",
    });
    expect((await admin('DELETE', `${UC}/catalogs/class?force=true`)).status).toBe(200);
    expect((await admin('GET', `${UC}/volumes/class.default.data`)).json.error_code).toBe('CATALOG_DOES_NOT_EXIST');
    expect((await admin('GET', `${FILES}/class/default/data/a.txt`)).status).toBe(404);
  });

  test('a schema with volumes goes by force only', async () => {
    const { admin } = await openSandbox();
    expect((await admin('POST', `${UC}/schemas`, { name: 'ws', catalog_name: 'main' })).json).toMatchObject({
      full_name: 'main.ws',
      catalog_name: 'main',
    });
    await createVolume(admin, 'data', 'ws');
    expect((await admin('DELETE', `${UC}/schemas/main.ws`)).json.message).toBe(
      "Schema 'main.ws' is not empty. The schema has 1 volume(s).",
    );
    expect((await admin('DELETE', `${UC}/schemas/main.ws?force=true`)).status).toBe(200);
    expect((await admin('GET', `${UC}/schemas/main.ws`)).json.error_code).toBe('SCHEMA_DOES_NOT_EXIST');
  });

  test('making a catalog takes CREATE CATALOG on the metastore, changing one ownership or MANAGE', async () => {
    const { admin, as } = await openSandbox();
    const create = () => as(ANN)('POST', `${UC}/catalogs`, { name: 'ann' });
    expect((await create()).json).toMatchObject({
      error_code: 'PERMISSION_DENIED',
      message: "User does not have CREATE CATALOG on Metastore 'sandbox'.",
    });
    const metastore = (await as(ANN)('GET', `${UC}/metastore_summary`)).json.metastore_id;
    await grant(admin, 'metastore', metastore, ANN, 'CREATE CATALOG');
    expect((await create()).json.owner).toBe(ANN);
    expect((await as(BEN)('PATCH', `${UC}/catalogs/ann`, { comment: 'mine' })).status).toBe(403);
    await grant(as(ANN), 'catalog', 'ann', BEN, 'ALL_PRIVILEGES');
    expect((await as(BEN)('PATCH', `${UC}/catalogs/ann`, { comment: 'mine' })).status).toBe(403);
    await grant(as(ANN), 'catalog', 'ann', BEN, 'MANAGE');
    expect((await as(BEN)('PATCH', `${UC}/catalogs/ann`, { comment: 'mine' })).json.comment).toBe('mine');
    expect((await as(BEN)('DELETE', `${UC}/catalogs/main?force=true`)).status).toBe(403);
  });

  test.each([
    ['POST', 'catalogs', { name: '' }, 400],
    ['POST', 'catalogs', { name: 'a b' }, 400],
    ['POST', 'catalogs', { name: 'a/b' }, 400],
    ['POST', 'catalogs', { name: 'a\0' }, 400],
    ['POST', 'catalogs', { name: 7 }, 400],
    ['POST', 'catalogs', { name: 'MAIN' }, 400],
    ['POST', 'catalogs', { name: 'x', properties: { a: 1 } }, 400],
    ['POST', 'schemas', { name: 'x', catalog_name: 'none' }, 404],
    ['PATCH', 'catalogs/main', undefined, 400],
    ['PATCH', 'catalogs/main', { new_name: '..' }, 400],
    ['PATCH', 'schemas/main.default', { owner: 'nobody@example.com' }, 404],
    ['PATCH', 'schemas/main.none', { comment: 'x' }, 404],
  ])('%s %s with %j is refused', async (method, path, body, status) => {
    const { admin } = await openSandbox();
    const answer = await admin(method, `${UC}/${path}`, body);
    expect(answer.status).toBe(status);
    expect(answer.json.error_code).toEqual(expect.any(String));
  });
});

describe('volumes', () => {
  test('are renamed with their files and grants, unless the name is taken', async () => {
    const { admin } = await openSandbox();
    await createVolume(admin, 'one');
    await createVolume(admin, 'two');
    await grant(admin, 'volume', 'main.default.one', ANN, 'READ_VOLUME');
    await admin('PUT', `${FILES}/main/default/one/a.txt`, 'x');
    expect((await admin('PATCH', `${UC}/volumes/main.default.one`, { new_name: 'two' })).json.error_code).toBe(
      'VOLUME_ALREADY_EXISTS',
    );
    expect(
      (await admin('PATCH', `${UC}/volumes/main.default.one`, { new_name: 'Three', comment: 'c' })).json,
    ).toMatchObject({ name: 'three', full_name: 'main.default.three', comment: 'c' });
    expect((await admin('GET', `${FILES}/main/default/three/a.txt`)).text).toBe('x');
    expect((await admin('GET', `${FILES}/main/default/one/a.txt`)).status).toBe(404);
    expect((await admin('GET', `${UC}/permissions/volume/main.default.three`)).json.privilege_assignments).toHaveLength(
      1,
    );
  });

  test('come in pages', async () => {
    const { admin } = await openSandbox();
    for (let index = 0; index < 5; index += 1) await createVolume(admin, `v${index}`);
    const list = async (query: string) =>
      (await admin('GET', `${UC}/volumes?catalog_name=main&schema_name=default${query}`)).json;
    const first = await list('&max_results=3');
    expect(first.volumes).toHaveLength(3);
    const second = await list(`&max_results=3&page_token=${first.next_page_token}`);
    expect(second.volumes.map(({ name }: { name: string }) => name)).toEqual(['v3', 'v4']);
    expect(second.next_page_token).toBeUndefined();
    expect((await list('&max_results=0')).volumes).toHaveLength(5);
    expect((await list('&max_results=-1')).error_code).toBe('INVALID_PARAMETER_VALUE');
    expect((await list('&page_token=made-up')).error_code).toBe('INVALID_PARAMETER_VALUE');
  });

  test('that may only be browsed are listed when asked for', async () => {
    const { admin, as } = await openSandbox();
    await createVolume(admin);
    await grant(admin, 'catalog', 'main', 'account users', 'BROWSE');
    const list = async (query: string) =>
      (await as(ANN)('GET', `${UC}/volumes?catalog_name=main&schema_name=default${query}`)).json;
    expect(await list('')).toEqual({});
    expect((await list('&include_browse=true')).volumes).toMatchObject([{ name: 'scripts', browse_only: true }]);
  });
});

describe('grants', () => {
  test('are written with spaces too, and ALL PRIVILEGES is everything but MANAGE', async () => {
    const { admin, as } = await openSandbox();
    await createVolume(admin);
    await admin('PUT', `${FILES}/main/default/scripts/a`, 'x');
    expect((await grant(admin, 'CATALOG', 'main', 'account users', 'use catalog')).json.privilege_assignments).toEqual([
      { principal: 'account users', privileges: ['USE_CATALOG'] },
    ]);
    await grant(admin, 'schema', 'main.default', ANN, 'ALL PRIVILEGES');
    expect((await as(ANN)('GET', `${FILES}/main/default/scripts/a`)).text).toBe('x');
    expect((await grant(as(ANN), 'schema', 'main.default', BEN, 'USE_SCHEMA')).status).toBe(403);
    await grant(admin, 'schema', 'main.default', ANN, 'SELECT');
    expect(
      (
        await admin('PATCH', `${UC}/permissions/schema/main.default`, {
          changes: [{ principal: ANN, remove: ['ALL_PRIVILEGES'] }],
        })
      ).json,
    ).toEqual({});
  });

  test('come in pages of whole principals', async () => {
    const { admin } = await openSandbox({ people: Array.from({ length: 100 }, (_, index) => `p${index}@example.com`) });
    await admin('PATCH', `${UC}/permissions/catalog/main`, {
      changes: Array.from({ length: 100 }, (_, index) => ({
        principal: `p${index}@example.com`,
        add: ['USE_CATALOG', 'USE_SCHEMA'],
      })),
    });
    const first = (await admin('GET', `${UC}/permissions/catalog/main?max_results=151`)).json;
    expect(first.privilege_assignments).toHaveLength(75);
    const second = (
      await admin('GET', `${UC}/permissions/catalog/main?max_results=151&page_token=${first.next_page_token}`)
    ).json;
    expect(second.privilege_assignments).toHaveLength(25);
    expect(second.next_page_token).toBeUndefined();
    expect(
      (await admin('GET', `${UC}/effective-permissions/schema/main.default?max_results=0`)).json.privilege_assignments,
    ).toHaveLength(100);
    expect((await admin('GET', `${UC}/permissions/catalog/main?max_results=149`)).status).toBe(400);
  });

  test.each([
    [
      'catalog/main',
      { changes: [{ principal: ANN, add: ['USE_CATALOG'], remove: ['USE CATALOG'] }] },
      400,
      'INVALID_PARAMETER_VALUE',
    ],
    ['catalog/main', { changes: [{ principal: ANN, add: 'USE_CATALOG' }] }, 400, 'MALFORMED_REQUEST'],
    ['catalog/main', { changes: 'x' }, 400, 'MALFORMED_REQUEST'],
    [
      'catalog/main',
      { changes: Array.from({ length: 2_001 }, () => ({ principal: ANN })) },
      400,
      'INVALID_PARAMETER_VALUE',
    ],
    ['table/main.default.t', { changes: [{ principal: ANN, add: ['SELECT'] }] }, 404, 'TABLE_DOES_NOT_EXIST'],
    ['planet/mars', { changes: [{ principal: ANN, add: ['SELECT'] }] }, 400, 'INVALID_PARAMETER_VALUE'],
    ['metastore/none', { changes: [{ principal: ANN, add: ['CREATE_CATALOG'] }] }, 404, 'METASTORE_DOES_NOT_EXIST'],
  ])('on %s a change may be refused', async (path, body, status, code) => {
    const { admin } = await openSandbox();
    const answer = await admin('PATCH', `${UC}/permissions/${path}`, body);
    expect(answer.status).toBe(status);
    expect(answer.json.error_code).toBe(code);
    expect((await admin('GET', `${UC}/permissions/catalog/main`)).json).toEqual({});
  });
});

describe('the metastore', () => {
  test('is told about, and listed to admins', async () => {
    const { admin, as, sandbox } = await openSandbox();
    const summary = (await as(ANN)('GET', `${UC}/metastore_summary`)).json;
    expect(summary).toMatchObject({ name: 'sandbox', cloud: 'azure', privilege_model_version: '1.0' });
    expect((await as(ANN)('GET', `${UC}/current-metastore-assignment`)).json).toEqual({
      metastore_id: summary.metastore_id,
      workspace_id: Number(sandbox.workspaceId),
      default_catalog_name: 'main',
    });
    expect((await admin('GET', `${UC}/metastores`)).json.metastores).toEqual([summary]);
    expect((await as(ANN)('GET', `${UC}/metastores`)).json).toEqual({});
    expect((await admin('GET', `${UC}/metastores/${summary.metastore_id}`)).json).toEqual(summary);
    expect((await admin('GET', `${UC}/metastores/none`)).json.error_code).toBe('METASTORE_DOES_NOT_EXIST');
  });
});

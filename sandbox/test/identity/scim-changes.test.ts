import { describe, expect, test } from 'vitest';
import { ANN, BEN, clientOf, createCluster, openSandbox } from '../harness.ts';
import type { Answer, Client } from '../harness.ts';

const SCIM = '/api/2.0/preview/scim/v2';
const patch = (...Operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const idOf = async (client: Client, userName: string): Promise<string> =>
  (await client('GET', `${SCIM}/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)).json.Resources[0].id;
const groupId = async (client: Client, name: string): Promise<string> =>
  (await client('GET', `${SCIM}/Groups?filter=${encodeURIComponent(`displayName eq "${name}"`)}`)).json.Resources[0].id;
const memberIds = (answer: Answer) => (answer.json.members ?? []).map((member: { value: string }) => member.value);

describe('users', () => {
  test('PATCH and PUT change everything but the login and the addresses', async () => {
    const { admin } = await openSandbox();
    const id = await idOf(admin, ANN);
    const path = `${SCIM}/Users/${id}`;
    expect(
      (
        await admin(
          'PATCH',
          path,
          patch(
            { op: 'replace', path: 'userName', value: 'x@example.com' },
            { op: 'add', path: 'emails', value: [{ value: 'x@example.com' }] },
            { op: 'Replace', path: 'name.givenName', value: 'Ann' },
            { op: 'add', path: 'entitlements', value: [{ value: 'allow-cluster-create' }] },
          ),
        )
      ).status,
    ).toBe(204);
    expect((await admin('GET', path)).json).toMatchObject({
      userName: ANN,
      emails: [{ value: ANN }],
      name: { givenName: 'Ann' },
      entitlements: [{ value: 'allow-cluster-create' }],
    });
    await admin(
      'PATCH',
      path,
      patch(
        { op: 'remove', path: 'entitlements[value eq "allow-cluster-create"]' },
        { op: 'replace', value: { displayName: 'Ann A' } },
      ),
    );
    const changed = (await admin('GET', path)).json;
    expect(changed.displayName).toBe('Ann A');
    expect(changed.entitlements).toBeUndefined();
    const replaced = await admin('PUT', path, {
      userName: 'y@example.com',
      displayName: 'A',
      entitlements: [{ value: 'workspace-consume' }],
    });
    expect(replaced.status).toBe(200);
    expect(replaced.json).toMatchObject({
      id,
      userName: ANN,
      displayName: 'A',
      active: true,
      entitlements: [{ value: 'workspace-consume' }],
    });
  });

  test('a deactivated user is refused with 403, and let in again when active', async () => {
    const { admin, as } = await openSandbox();
    const ann = as(ANN);
    const path = `${SCIM}/Users/${await idOf(admin, ANN)}`;
    await admin('PATCH', path, patch({ op: 'replace', path: 'active', value: 'false' }));
    const refused = await ann('GET', `${SCIM}/Me`);
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ status: '403', detail: `User ${ANN} is not active in this workspace.` });
    await admin('PATCH', path, patch({ op: 'replace', value: { active: true } }));
    expect((await ann('GET', `${SCIM}/Me`)).status).toBe(200);
  });

  test('a removed user has no valid token, no group and no permission; a namesake gets none of it', async () => {
    const { admin, as, sandbox } = await openSandbox();
    const ann = as(ANN);
    const acl = `/api/2.0/permissions/clusters/${await createCluster(admin, { single_user_name: BEN })}`;
    await admin('PATCH', acl, { access_control_list: [{ user_name: ANN, permission_level: 'CAN_MANAGE' }] });
    await admin('PATCH', '/api/2.1/unity-catalog/permissions/catalog/main', {
      changes: [{ principal: ANN, add: ['USE_CATALOG'] }],
    });
    await ann('POST', '/api/2.0/secrets/scopes/create', { scope: 'ann-keys' });
    const id = await idOf(admin, ANN);
    expect((await admin('DELETE', `${SCIM}/Users/${id}`)).status).toBe(204);
    expect((await ann('GET', `${SCIM}/Me`)).json).toMatchObject({ status: '401', detail: 'Invalid access token.' });
    expect((await admin('GET', `${SCIM}/Users/${id}`)).json).toMatchObject({
      status: '404',
      detail: `User with id ${id} not found.`,
    });
    expect((await admin('DELETE', `${SCIM}/Users/${id}`)).status).toBe(404);
    sandbox.addUser(ANN);
    expect((await as(ANN)('GET', acl)).status).toBe(403);
    expect((await as(ANN)('GET', '/api/2.0/secrets/list?scope=ann-keys')).status).toBe(403);
    expect((await admin('GET', '/api/2.1/unity-catalog/permissions/catalog/main')).json).toEqual({});
  });

  test('the last admin can neither be removed nor deactivated', async () => {
    const { admin, sandbox } = await openSandbox();
    const path = `${SCIM}/Users/${await idOf(admin, sandbox.adminUserName)}`;
    expect((await admin('DELETE', path)).json).toMatchObject({
      status: '403',
      detail: `${sandbox.adminUserName} cannot be removed: the workspace would have no admin.`,
    });
    expect((await admin('PATCH', path, patch({ op: 'replace', path: 'active', value: false }))).status).toBe(403);
    await admin(
      'PATCH',
      `${SCIM}/Groups/${await groupId(admin, 'admins')}`,
      patch({ op: 'add', path: 'members', value: [{ value: await idOf(admin, ANN) }] }),
    );
    expect((await admin('DELETE', path)).status).toBe(204);
  });

  test('people see of others what it takes to share with them, and all of themselves', async () => {
    const { admin, as, sandbox } = await openSandbox();
    const ann = as(ANN);
    await admin(
      'PATCH',
      `${SCIM}/Users/${await idOf(admin, BEN)}`,
      patch({ op: 'add', path: 'entitlements', value: [{ value: 'allow-cluster-create' }] }),
    );
    const seen = (await ann('GET', `${SCIM}/Users/${await idOf(ann, BEN)}`)).json;
    expect(Object.keys(seen).sort()).toEqual(['active', 'displayName', 'emails', 'id', 'schemas', 'userName']);
    expect(
      (await ann('GET', `${SCIM}/Users?filter=${encodeURIComponent('entitlements eq "allow-cluster-create"')}`)).json
        .totalResults,
    ).toBe(0);
    expect((await ann('GET', `${SCIM}/Users/${await idOf(ann, ANN)}`)).json.groups).toHaveLength(1);
    expect((await ann('GET', `${SCIM}/Groups/${await groupId(ann, 'admins')}`)).json.members).toBeUndefined();
    sandbox.addServicePrincipal('robot');
    for (const [method, path] of [
      ['PATCH', 'Users/1'],
      ['PUT', 'Users/1'],
      ['DELETE', 'Users/1'],
      ['POST', 'Groups'],
      ['PATCH', 'Groups/1'],
      ['POST', 'ServicePrincipals'],
      ['DELETE', 'ServicePrincipals/1'],
    ] as const) {
      expect((await ann(method, `${SCIM}/${path}`, { displayName: 'x' })).json.status, `${method} ${path}`).toBe('403');
    }
  });
});

describe('groups', () => {
  test('are made, renamed, filled, emptied and removed', async () => {
    const { admin } = await openSandbox();
    const [ann, ben] = [await idOf(admin, ANN), await idOf(admin, BEN)];
    const made = await admin('POST', `${SCIM}/Groups`, { displayName: 'class', members: [{ value: ann }] });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      displayName: 'class',
      members: [{ display: ANN, value: ann, $ref: `Users/${ann}` }],
    });
    expect((await admin('POST', `${SCIM}/Groups`, { displayName: 'CLASS' })).json).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
    });
    const path = `${SCIM}/Groups/${made.json.id}`;
    await admin('PATCH', path, patch({ op: 'add', value: { members: [{ value: ben }] } }));
    expect(memberIds(await admin('GET', path))).toEqual([ann, ben]);
    await admin(
      'PATCH',
      path,
      patch(
        { op: 'remove', path: `members[value eq "${ann}"]` },
        { op: 'replace', path: 'displayName', value: 'course' },
      ),
    );
    expect((await admin('GET', path)).json).toMatchObject({ displayName: 'course', members: [{ value: ben }] });
    await admin('PATCH', path, patch({ op: 'remove', path: 'members', value: [{ value: ben }] }));
    expect(memberIds(await admin('GET', path))).toEqual([]);
    await admin('PATCH', path, patch({ op: 'replace', path: 'members', value: [{ value: ann }, { value: ann }] }));
    expect(memberIds(await admin('GET', path))).toEqual([ann]);
    expect(
      (await admin('PUT', path, { displayName: 'course', entitlements: [{ value: 'databricks-sql-access' }] })).json
        .members,
    ).toBeUndefined();
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await admin('GET', path)).json).toMatchObject({ status: '404' });
  });

  test('hold groups, and what a group may reaches whoever is in it by way of another', async () => {
    const { admin, as } = await openSandbox();
    const inner = (
      await admin('POST', `${SCIM}/Groups`, { displayName: 'inner', members: [{ value: await idOf(admin, ANN) }] })
    ).json.id;
    const outer = (await admin('POST', `${SCIM}/Groups`, { displayName: 'outer', members: [{ value: inner }] })).json
      .id;
    expect((await as(ANN)('GET', `${SCIM}/Me`)).json.groups).toContainEqual({
      display: 'outer',
      type: 'indirect',
      value: outer,
      $ref: `Groups/${outer}`,
    });
    const circle = await admin(
      'PATCH',
      `${SCIM}/Groups/${inner}`,
      patch({ op: 'add', path: 'members', value: [{ value: outer }] }),
    );
    expect(circle.json).toMatchObject({ status: '400', scimType: 'invalidValue' });
    const acl = `/api/2.0/permissions/clusters/${await createCluster(admin)}`;
    await admin('PATCH', acl, { access_control_list: [{ group_name: 'outer', permission_level: 'CAN_MANAGE' }] });
    expect((await as(ANN)('GET', acl)).status).toBe(200);
    await admin('PATCH', `${SCIM}/Groups/${outer}`, patch({ op: 'remove', path: 'members' }));
    expect((await as(ANN)('GET', acl)).status).toBe(403);
  });

  test('a renamed group keeps what was granted to it, a removed one does not', async () => {
    const { admin, sandbox } = await openSandbox();
    sandbox.addGroup('class', { members: [ANN] });
    const grants = '/api/2.1/unity-catalog/permissions/catalog/main';
    await admin('PATCH', grants, { changes: [{ principal: 'class', add: ['USE_CATALOG'] }] });
    const path = `${SCIM}/Groups/${await groupId(admin, 'class')}`;
    await admin('PATCH', path, patch({ op: 'replace', path: 'displayName', value: 'course' }));
    expect((await admin('GET', grants)).json.privilege_assignments).toEqual([
      { principal: 'course', privileges: ['USE_CATALOG'] },
    ]);
    await admin('DELETE', path);
    expect((await admin('GET', grants)).json).toEqual({});
  });

  test('users keeps its members, admins keeps one, and neither goes away or changes its name', async () => {
    const { admin } = await openSandbox();
    const [users, admins] = [
      `${SCIM}/Groups/${await groupId(admin, 'users')}`,
      `${SCIM}/Groups/${await groupId(admin, 'admins')}`,
    ];
    expect((await admin('PATCH', users, patch({ op: 'remove', path: 'members' }))).json.detail).toContain(
      'everybody in the workspace',
    );
    expect((await admin('PUT', admins, { displayName: 'admins' })).json.detail).toContain('would have no admin');
    expect(memberIds(await admin('GET', admins))).toHaveLength(1);
    for (const path of [users, admins]) {
      expect((await admin('DELETE', path)).status).toBe(403);
      expect((await admin('PATCH', path, patch({ op: 'replace', path: 'displayName', value: 'x' }))).status).toBe(403);
    }
  });

  test.each([
    [undefined, 400, undefined],
    [{}, 400, undefined],
    [patch(), 400, undefined],
    [patch({ op: 'move', path: 'members', value: [] }), 400, 'invalidSyntax'],
    [patch({ op: 'remove' }), 400, 'noTarget'],
    [patch({ op: 'add', path: 'members' }), 400, 'invalidValue'],
    [patch({ op: 'add', path: 'members', value: [{ value: '1' }] }), 400, 'invalidValue'],
    [patch({ op: 'add', path: 'members', value: [{ id: '1' }] }), 400, 'invalidValue'],
    [patch({ op: 'add', path: 'members', value: ['a\0'] }), 400, 'invalidValue'],
    [patch({ op: 'add', path: 'members[display eq "x"]', value: [] }), 400, 'invalidPath'],
    [patch({ op: 'add', path: 'colour', value: 'red' }), 400, 'invalidPath'],
    [patch({ op: 'add', path: 'entitlements', value: [{ value: 'fly' }] }), 400, 'invalidValue'],
    [patch({ op: 'add', value: 'text' }), 400, 'invalidSyntax'],
    [patch({ op: 7 }), 400, undefined],
  ])('the PATCH %j is refused and changes nothing', async (body, status, scimType) => {
    const { admin, sandbox } = await openSandbox();
    sandbox.addGroup('class', { members: [ANN] });
    const path = `${SCIM}/Groups/${await groupId(admin, 'class')}`;
    const before = (await admin('GET', path)).json;
    const answer = await admin('PATCH', path, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
    });
    expect(answer.json.scimType).toBe(scimType);
    expect((await admin('GET', path)).json).toEqual(before);
  });

  test('a group with a member that does not exist is not made', async () => {
    const { admin } = await openSandbox();
    expect((await admin('POST', `${SCIM}/Groups`, { displayName: 'class', members: [{ value: '1' }] })).status).toBe(
      400,
    );
    expect(
      (await admin('GET', `${SCIM}/Groups?filter=${encodeURIComponent('displayName eq "class"')}`)).json.totalResults,
    ).toBe(0);
  });
});

describe('service principals', () => {
  test('are made with an application id, found by it, changed and removed', async () => {
    const { admin } = await openSandbox();
    const made = await admin('POST', `${SCIM}/ServicePrincipals`, { displayName: 'robot', active: true });
    expect(made.status).toBe(201);
    expect(made.json.applicationId).toMatch(/^[0-9a-f-]{36}$/);
    const path = `${SCIM}/ServicePrincipals/${made.json.id}`;
    expect(
      (
        await admin(
          'GET',
          `${SCIM}/ServicePrincipals?filter=${encodeURIComponent(`applicationId eq "${made.json.applicationId}"`)}`,
        )
      ).json.Resources,
    ).toMatchObject([{ displayName: 'robot' }]);
    await admin('PATCH', path, patch({ op: 'replace', path: 'displayName', value: 'machine' }));
    expect((await admin('PUT', path, { applicationId: made.json.applicationId, active: false })).json).toMatchObject({
      displayName: 'machine',
      active: false,
    });
    expect(
      (await admin('POST', `${SCIM}/ServicePrincipals`, { applicationId: made.json.applicationId.toUpperCase() })).json,
    ).toMatchObject({ status: '409' });
    expect((await admin('POST', `${SCIM}/ServicePrincipals`, { applicationId: 'robot' })).status).toBe(400);
    expect((await admin('GET', `${SCIM}/Users/${made.json.id}`)).status).toBe(404);
    expect((await admin('DELETE', path)).status).toBe(204);
    expect((await admin('GET', path)).json.detail).toBe(`Service principal with id ${made.json.id} not found.`);
  });

  test('sign in with a secret, are themselves in Me, and are locked out when they are removed', async () => {
    const { admin, sandbox } = await openSandbox();
    const { id, applicationId } = (await admin('POST', `${SCIM}/ServicePrincipals`, { displayName: 'robot' })).json;
    const secrets = `/api/2.0/accounts/servicePrincipals/${id}/credentials/secrets`;
    const { secret, ...told } = (await admin('POST', secrets, {})).json;
    expect((await admin('GET', secrets)).json.secrets).toEqual([told]);
    const signIn = async () =>
      fetch(`${sandbox.url}/oidc/v1/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${applicationId}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'all-apis' }),
      });
    const { access_token } = (await (await signIn()).json()) as { access_token: string };
    expect((await clientOf(sandbox, access_token)('GET', `${SCIM}/Me`)).json).toMatchObject({
      id,
      userName: applicationId,
      displayName: 'robot',
    });
    await admin('DELETE', `${SCIM}/ServicePrincipals/${id}`);
    expect((await signIn()).status).toBe(401);
    expect((await clientOf(sandbox, access_token)('GET', `${SCIM}/Me`)).status).toBe(401);
  });
});

describe('lists', () => {
  test('are sorted, and a filter may ask for presence', async () => {
    const { admin } = await openSandbox();
    const names = async (query: string) =>
      (await admin('GET', `${SCIM}/Users?${query}`)).json.Resources.map((user: { userName: string }) => user.userName);
    expect((await names('sortBy=userName&sortOrder=descending'))[2]).toBe(ANN);
    expect((await names('sortBy=userName'))[0]).toBe(ANN);
    expect((await admin('GET', `${SCIM}/Users?sortBy=userName&sortOrder=up`)).json).toMatchObject({ status: '400' });
    expect(await names(`filter=${encodeURIComponent('emails pr and userName sw "ben"')}`)).toEqual([BEN]);
    expect((await admin('GET', `${SCIM}/Users?filter=${encodeURIComponent('externalId pr')}`)).json.totalResults).toBe(
      0,
    );
    expect((await admin('GET', `${SCIM}/Users?filter=${encodeURIComponent('userName pr "x"')}`)).json.scimType).toBe(
      'invalidFilter',
    );
  });

  test('leave out attributes that are not wanted', async () => {
    const { admin } = await openSandbox();
    expect((await admin('GET', `${SCIM}/Me?excludedAttributes=groups,emails`)).json.groups).toBeUndefined();
    expect(Object.keys((await admin('GET', `${SCIM}/Users?attributes=userName&count=1`)).json.Resources[0])).toEqual([
      'id',
      'userName',
    ]);
  });
});

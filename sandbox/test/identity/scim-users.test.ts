import { describe, expect, test } from 'vitest';
import { ANN, BEN, createCluster, openSandbox } from '../harness.ts';
import { SCIM, patch, idOf, groupId } from './scim-requests.ts';

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

  test('an entitlement that is {} is none', async () => {
    const { admin } = await openSandbox();
    const made = await admin('POST', `${SCIM}/Users`, { userName: 'cy@example.com', entitlements: [{}] });
    expect(made.status).toBe(201);
    expect(made.json.entitlements).toBeUndefined();
    const path = `${SCIM}/Users/${made.json.id}`;
    const given = [{}, { value: 'allow-cluster-create' }];
    expect((await admin('PUT', path, { displayName: 'Cy', entitlements: given })).json.entitlements).toEqual([
      { value: 'allow-cluster-create' },
    ]);
    expect((await admin('POST', `${SCIM}/Groups`, { displayName: 'g', entitlements: [{}] })).status).toBe(201);
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

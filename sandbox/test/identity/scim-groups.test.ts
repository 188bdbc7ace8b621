import { describe, expect, test } from 'vitest';
import { ANN, BEN, createCluster, openSandbox } from '../harness.ts';
import { SCIM, patch, idOf, groupId, memberIds } from './scim-requests.ts';

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

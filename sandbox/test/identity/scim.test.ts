import { expect, test } from 'vitest';
import { ANN, BEN, openSandbox } from '../harness.ts';

const SCIM = '/api/2.0/preview/scim/v2';
const filter = (text: string) => `${SCIM}/Users?filter=${encodeURIComponent(text)}`;
const names = (json: { Resources?: { userName: string }[] }) => (json.Resources ?? []).map((user) => user.userName);

test('Me tells who, in which groups, and the workspace id in a header', async () => {
  const { admin, sandbox, as } = await openSandbox();
  const me = await admin('GET', `${SCIM}/Me?`);
  expect(me.json).toMatchObject({ userName: sandbox.adminUserName, active: true });
  expect(me.json.groups.map((group: { display: string }) => group.display)).toEqual(['users', 'admins']);
  expect(me.headers.get('x-databricks-org-id')).toBe(sandbox.workspaceId);
  const ann = (await as(ANN)('GET', `${SCIM}/Me`)).json;
  expect(ann.userName).toBe(ANN);
  expect(ann.entitlements).toBeUndefined();
});

test('the group users gives workspace access', async () => {
  const { admin } = await openSandbox();
  const groups = (await admin('GET', `${SCIM}/Groups?attributes=displayName,entitlements&count=10000&startIndex=1`))
    .json.Resources;
  const users = groups.find((group: { displayName: string }) => group.displayName === 'users');
  expect(users.entitlements).toContainEqual({ value: 'workspace-access' });
  expect(users.members).toBeUndefined();
  const whole = (await admin('GET', `${SCIM}/Groups/${users.id}`)).json;
  expect(whole.members).toHaveLength(3);
});

test('users come in pages counted from 1, and Resources is left out when there are none', async () => {
  const { admin } = await openSandbox({ people: Array.from({ length: 25 }, (_, index) => `p${index}@example.com`) });
  const seen: string[] = [];
  for (let startIndex = 1; ;) {
    const { json } = await admin('GET', `${SCIM}/Users?startIndex=${startIndex}&count=10`);
    if (!json.Resources) {
      expect(json).toMatchObject({ totalResults: 26, itemsPerPage: 0 });
      break;
    }
    seen.push(...names(json));
    startIndex += json.itemsPerPage as number;
  }
  expect(new Set(seen).size).toBe(26);
});

test.each([
  [`userName eq "ANN@Example.com"`, [ANN]],
  [`userName eq "${ANN}" or emails.value eq "second@example.com"`, [ANN, BEN]],
  [`emails.value eq "${BEN}"`, []],
  [`active eq "true" and userName sw "ann"`, [ANN]],
  [`userName co "example" and userName ne "${ANN}" and userName ne "workshop-admin@example.com"`, [BEN]],
  [`groups.display eq "admins"`, ['workshop-admin@example.com']],
])('the filter %s', async (text, expected) => {
  const { admin, sandbox } = await openSandbox({ people: [ANN] });
  sandbox.addUser({ userName: BEN, emails: ['second@example.com'] });
  expect(names((await admin('GET', filter(text))).json)).toEqual(expected);
});

test.each([
  'userName eq',
  'userName gt "a"',
  'userName eq "a" xor userName eq "b"',
  '(userName eq "a")',
  'userName eq "a" and',
])('the filter %s is refused in the shape of SCIM', async (text) => {
  const { admin } = await openSandbox();
  const answer = await admin('GET', filter(text));
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'invalidFilter',
  });
  expect(answer.json.error_code).toBeUndefined();
});

test('an admin adds users, twice is a conflict, a person may not', async () => {
  const { admin, as } = await openSandbox();
  const made = await admin('POST', `${SCIM}/Users`, { userName: 'new@example.com' });
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({ userName: 'new@example.com', active: true });
  const again = await admin('POST', `${SCIM}/Users`, { userName: 'NEW@example.com' });
  expect(again.status).toBe(409);
  expect(again.json).toMatchObject({ status: '409', scimType: 'uniqueness' });
  expect((await as(ANN)('POST', `${SCIM}/Users`, { userName: 'x@example.com' })).status).toBe(403);
  expect((await admin('GET', `${SCIM}/Users/999`)).json).toMatchObject({ status: '404' });
});

test('inactive people, people without access and people of other groups can be staged', async () => {
  const { admin, sandbox } = await openSandbox();
  sandbox.addUser({ userName: 'gone@example.com', active: false });
  sandbox.addUser({ userName: 'outside@example.com', inUsersGroup: false });
  sandbox.addGroup('guests', { members: [ANN], entitlements: ['workspace-consume'] });
  expect((await admin('GET', filter('userName eq "gone@example.com"'))).json.Resources[0].active).toBe(false);
  expect((await admin('GET', filter('userName eq "outside@example.com"'))).json.Resources[0].groups).toEqual([]);
  expect((await admin('GET', filter(`userName eq "${ANN}"`))).json.Resources[0].groups).toHaveLength(2);
  expect(() => sandbox.addGroup('more', { members: ['nobody@example.com'] })).toThrow(RangeError);
  expect(() => sandbox.tokenFor('nobody@example.com')).toThrow(/no user/);
});

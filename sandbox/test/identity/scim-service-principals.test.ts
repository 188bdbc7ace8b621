import { describe, expect, test } from 'vitest';
import { ANN, BEN, clientOf, openSandbox } from '../harness.ts';
import { SCIM, patch } from './scim-requests.ts';

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

import type { Answer, Client } from '../harness.ts';

export const SCIM = '/api/2.0/preview/scim/v2';
export const patch = (...Operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
export const idOf = async (client: Client, userName: string): Promise<string> =>
  (await client('GET', `${SCIM}/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`)).json.Resources[0].id;
export const groupId = async (client: Client, name: string): Promise<string> =>
  (await client('GET', `${SCIM}/Groups?filter=${encodeURIComponent(`displayName eq "${name}"`)}`)).json.Resources[0].id;
export const memberIds = (answer: Answer) =>
  (answer.json.members ?? []).map((member: { value: string }) => member.value);

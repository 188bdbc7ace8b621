import { expect } from 'vitest';
import { MINUTE } from '../harness.ts';
import type { Answer, Client } from '../harness.ts';

export const APPS = '/api/2.0/apps';
export const PEOPLE = '/api/2.0/preview/scim/v2/ServicePrincipals';

/** Longer than any start, stop or deployment takes, and than any deletion. */
export const LONG = 20 * MINUTE;

/** Makes an app and answers it. */
export async function createApp(client: Client, name: string, more: Readonly<Record<string, unknown>> = {}) {
  const answer = await client('POST', APPS, { name, ...more });
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

export const getApp = async (client: Client, name: string) => (await client('GET', `${APPS}/${name}`)).json;

/** What a refusal says. */
export const refusal = ({ status, json }: Answer) => [status, json.error_code, json.message];

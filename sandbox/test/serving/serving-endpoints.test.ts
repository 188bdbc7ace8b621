import { expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';

const MODEL = 'databricks-claude-sonnet-4-5';
const MESSAGES = '/serving-endpoints/anthropic/v1/messages';
const prompt = (more: Readonly<Record<string, unknown>> = {}) => ({
  model: MODEL,
  max_tokens: 1,
  messages: [{ role: 'user', content: 'hello' }],
  ...more,
});

test('answers one token of a message', async () => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', `${MESSAGES}?beta=true`, prompt());
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    type: 'message',
    role: 'assistant',
    model: MODEL,
    stop_reason: 'max_tokens',
    usage: { output_tokens: 1 },
  });
  expect((await admin('HEAD', '/serving-endpoints/anthropic')).status).toBe(404);
});

test.each([
  ['an unknown model', prompt({ model: 'gpt' }), 404, 'RESOURCE_DOES_NOT_EXIST'],
  ['no messages', prompt({ messages: [] }), 400, 'BAD_REQUEST'],
  ['no max_tokens', prompt({ max_tokens: undefined }), 400, 'BAD_REQUEST'],
  ['a list for a body', [], 400, 'BAD_REQUEST'],
])('%s', async (_, body, status, code) => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', MESSAGES, body);
  expect(answer.status).toBe(status);
  expect(answer.json.error_code).toBe(code);
});

test('a person needs CAN_QUERY, granted by the id of the endpoint', async () => {
  const { admin, as } = await openSandbox();
  const { endpoints } = (await admin('GET', '/api/2.0/serving-endpoints')).json;
  expect(endpoints).toHaveLength(5);
  const { id } = (await admin('GET', `/api/2.0/serving-endpoints/${MODEL}`)).json;
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  const ann = as(ANN);
  const refused = await ann('POST', MESSAGES, prompt());
  expect(refused.status).toBe(403);
  expect(refused.json.error_code).toBe('PERMISSION_DENIED');
  await admin('PATCH', `/api/2.0/permissions/serving-endpoints/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_VIEW' }],
  });
  expect((await ann('GET', `/api/2.0/serving-endpoints/${MODEL}`)).status).toBe(200);
  expect((await ann('POST', MESSAGES, prompt())).status).toBe(403);
  await admin('PATCH', `/api/2.0/permissions/serving-endpoints/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_QUERY' }],
  });
  expect((await ann('POST', MESSAGES, prompt())).status).toBe(200);
});

const ENDPOINTS = '/api/2.0/serving-endpoints';

test('a level is the highest that the asker holds', async () => {
  const { admin, as } = await openSandbox();
  const { id, permission_level } = (await admin('GET', `${ENDPOINTS}/${MODEL}`)).json;
  expect(permission_level).toBe('CAN_MANAGE');
  await admin('PATCH', `/api/2.0/permissions/serving-endpoints/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_QUERY' }],
  });
  const { endpoints } = (await as(ANN)('GET', ENDPOINTS)).json;
  expect(endpoints).toMatchObject([
    { name: MODEL, state: { ready: 'READY', config_update: 'NOT_UPDATING' }, task: 'llm/v1/chat' },
  ]);
  expect((await as(ANN)('GET', `${ENDPOINTS}/${MODEL}`)).json.permission_level).toBe('CAN_QUERY');
});

test('nobody makes, changes or removes one: that is asked of a real workspace, and written down', async () => {
  const { admin, sandbox } = await openSandbox();
  expect((await admin('POST', ENDPOINTS, { name: 'mine' })).status).toBe(501);
  expect((await admin('DELETE', `${ENDPOINTS}/${MODEL}`)).status).toBe(501);
  expect((await admin('PUT', `${ENDPOINTS}/${MODEL}/config`, {})).status).toBe(501);
  expect((await admin('POST', `/serving-endpoints/${MODEL}/invocations`, {})).status).toBe(501);
  expect(sandbox.books().unknownRoutes).toEqual([
    `POST ${ENDPOINTS}`,
    `DELETE ${ENDPOINTS}/${MODEL}`,
    `PUT ${ENDPOINTS}/${MODEL}/config`,
    `POST /serving-endpoints/${MODEL}/invocations`,
  ]);
});

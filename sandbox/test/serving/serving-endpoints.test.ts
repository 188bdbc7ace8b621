import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ANN, MINUTE, openSandbox } from '../harness.ts';

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
const entity = (version = '1') => ({
  entity_name: 'main.default.prices',
  entity_version: version,
  workload_size: 'Small',
  scale_to_zero_enabled: true,
});
const external = () => ({
  external_model: {
    name: 'gpt-4.1',
    provider: 'openai',
    task: 'llm/v1/chat',
    openai_config: { openai_api_key_plaintext: 'sk-secret', openai_api_base: 'https://example.com' },
  },
});

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

test('an endpoint is ready some minutes after it was created', async () => {
  const { admin, pass } = await openSandbox();
  const created = await admin('POST', ENDPOINTS, {
    name: 'prices',
    config: { served_entities: [entity()] },
    tags: [{ key: 'team', value: 'data' }],
  });
  expect(created.status).toBe(200);
  expect(created.json).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    name: 'prices',
    creator: 'workshop-admin@example.com',
    permission_level: 'CAN_MANAGE',
    state: { ready: 'NOT_READY', config_update: 'IN_PROGRESS' },
    tags: [{ key: 'team', value: 'data' }],
    pending_config: {
      config_version: 1,
      served_entities: [{ name: 'prices-1', state: { deployment: 'DEPLOYMENT_CREATING' } }],
      traffic_config: { routes: [{ served_entity_name: 'prices-1', traffic_percentage: 100 }] },
    },
  });
  expect(created.json.config).toBeUndefined();
  const rows = { dataframe_records: [{ a: 1 }, { a: 2 }] };
  expect((await admin('POST', '/serving-endpoints/prices/invocations', rows)).status).toBe(404);
  pass(5 * MINUTE);
  const ready = (await admin('GET', `${ENDPOINTS}/prices`)).json;
  expect(ready).toMatchObject({
    state: { ready: 'READY', config_update: 'NOT_UPDATING' },
    config: { config_version: 1, served_entities: [{ state: { deployment: 'DEPLOYMENT_READY' } }] },
  });
  expect(ready.pending_config).toBeUndefined();
  expect((await admin('POST', '/serving-endpoints/prices/invocations', rows)).json.predictions).toHaveLength(2);
  expect((await admin('POST', '/serving-endpoints/prices/invocations', {})).json.error_code).toBe('MALFORMED_REQUEST');
});

test('while a config is changed, the old one is served and no other change begins', async () => {
  const { admin, pass } = await openSandbox({ speed: 60 });
  await admin('POST', ENDPOINTS, { name: 'prices', config: { served_entities: [entity('1')] } });
  pass(5_000);
  const changed = await admin('PUT', `${ENDPOINTS}/prices/config`, { served_entities: [entity('2')] });
  expect(changed.json).toMatchObject({
    state: { ready: 'READY', config_update: 'IN_PROGRESS' },
    config: { config_version: 1 },
    pending_config: { config_version: 2 },
  });
  expect((await admin('PUT', `${ENDPOINTS}/prices/config`, { served_entities: [entity('3')] })).status).toBe(409);
  expect((await admin('POST', '/serving-endpoints/prices/invocations', { inputs: [1] })).status).toBe(200);
  pass(5_000);
  expect((await admin('GET', `${ENDPOINTS}/prices`)).json.config.served_entities[0].entity_version).toBe('2');
});

test('an external model answers at once, and its key is never shown again', async () => {
  const { admin } = await openSandbox();
  const created = await admin('POST', ENDPOINTS, { name: 'gpt', config: { served_entities: [external()] } });
  expect(created.json).toMatchObject({
    task: 'llm/v1/chat',
    state: { ready: 'READY' },
    config: {
      served_entities: [
        { name: 'gpt-4-1', external_model: { openai_config: { openai_api_base: 'https://example.com' } } },
      ],
    },
  });
  expect(created.text).not.toContain('sk-secret');
  expect((await admin('GET', ENDPOINTS)).text).not.toContain('sk-secret');
  expect((await admin('POST', MESSAGES, prompt({ model: 'gpt' }))).status).toBe(200);
});

test('tags are added and deleted', async () => {
  const { admin } = await openSandbox();
  const tags = await admin('PATCH', `${ENDPOINTS}/${MODEL}/tags`, {
    add_tags: [{ key: 'b', value: '1' }, { key: 'a' }],
  });
  expect(tags.json).toEqual({
    tags: [
      { key: 'a', value: '' },
      { key: 'b', value: '1' },
    ],
  });
  expect((await admin('PATCH', `${ENDPOINTS}/${MODEL}/tags`, { delete_tags: ['a'] })).json.tags).toHaveLength(1);
  expect((await admin('GET', `${ENDPOINTS}/${MODEL}`)).json.tags).toEqual([{ key: 'b', value: '1' }]);
  const many = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: '' }));
  expect((await admin('PATCH', `${ENDPOINTS}/${MODEL}/tags`, { add_tags: many })).json.message).toBe(
    'An endpoint has at most 20 tags, got 21.',
  );
  expect((await admin('PATCH', `${ENDPOINTS}/${MODEL}/tags`)).status).toBe(400);
});

test('deleting takes the permissions along; endpoints of the platform stay', async () => {
  const { admin, as } = await openSandbox();
  const { id } = (await admin('POST', ENDPOINTS, { name: 'gpt', config: { served_entities: [external()] } })).json;
  await admin('PATCH', `/api/2.0/permissions/serving-endpoints/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_QUERY' }],
  });
  expect((await as(ANN)('DELETE', `${ENDPOINTS}/gpt`)).status).toBe(403);
  expect((await admin('DELETE', `${ENDPOINTS}/gpt`)).json).toEqual({});
  expect((await admin('GET', `${ENDPOINTS}/gpt`)).status).toBe(404);
  expect((await admin('GET', `/api/2.0/permissions/serving-endpoints/${id}`)).status).toBe(404);
  const again = (await admin('POST', ENDPOINTS, { name: 'gpt', config: { served_entities: [external()] } })).json;
  expect(again.id).not.toBe(id);
  expect((await as(ANN)('GET', `${ENDPOINTS}/gpt`)).status).toBe(403);
  expect((await admin('DELETE', `${ENDPOINTS}/${MODEL}`)).json.error_code).toBe('INVALID_PARAMETER_VALUE');
  expect((await admin('PUT', `${ENDPOINTS}/${MODEL}/config`, { served_entities: [entity()] })).json.error_code).toBe(
    'INVALID_PARAMETER_VALUE',
  );
});

test.each([
  ['no name', { config: { served_entities: [entity()] } }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a name with a slash', { name: 'a/b', config: { served_entities: [entity()] } }, 400, 'INVALID_PARAMETER_VALUE'],
  ['a name that is taken', { name: MODEL, config: { served_entities: [entity()] } }, 409, 'RESOURCE_ALREADY_EXISTS'],
  ['a config of nothing', { name: 'x', config: {} }, 400, 'INVALID_PARAMETER_VALUE'],
  [
    'an entity that is both',
    { name: 'x', config: { served_entities: [{ ...entity(), ...external() }] } },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'an entity that is neither',
    { name: 'x', config: { served_entities: [{ name: 'y' }] } },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'two entities and no traffic',
    { name: 'x', config: { served_entities: [entity('1'), entity('2')] } },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'the same entity twice',
    { name: 'x', config: { served_entities: [entity('1'), entity('1')] } },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'half of the traffic',
    {
      name: 'x',
      config: {
        served_entities: [entity()],
        traffic_config: { routes: [{ served_model_name: 'prices-1', traffic_percentage: 50 }] },
      },
    },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'traffic to a stranger',
    {
      name: 'x',
      config: {
        served_entities: [entity()],
        traffic_config: { routes: [{ served_model_name: 'other', traffic_percentage: 100 }] },
      },
    },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  [
    'an older model with a name that is none',
    { name: 'x', config: { served_models: [{ model_name: 'a', model_version: '1', name: 'a b' }] } },
    400,
    'INVALID_PARAMETER_VALUE',
  ],
  ['entities as text', { name: 'x', config: { served_entities: 'all' } }, 400, 'MALFORMED_REQUEST'],
])('creating with %s', async (_, body, status, code) => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', ENDPOINTS, body);
  expect(answer.status).toBe(status);
  expect(answer.json.error_code).toBe(code);
});

test('only admins create endpoints', async () => {
  const { as } = await openSandbox();
  const answer = await as(ANN)('POST', ENDPOINTS, { name: 'x', config: { served_entities: [entity()] } });
  expect(answer.status).toBe(403);
  expect(answer.json.error_code).toBe('PERMISSION_DENIED');
});

test('the older names are understood and shown', async () => {
  const { admin, pass } = await openSandbox();
  await admin('POST', ENDPOINTS, {
    name: 'old',
    config: { served_models: [{ model_name: 'main.default.prices', model_version: '4' }] },
  });
  pass(5 * MINUTE);
  const { config } = (await admin('GET', `${ENDPOINTS}/old`)).json;
  expect(config.served_entities).toMatchObject([
    { name: 'prices-4', entity_name: 'main.default.prices', entity_version: '4' },
  ]);
  expect(config.served_models).toMatchObject([
    { name: 'prices-4', model_name: 'main.default.prices', model_version: '4' },
  ]);
});

test('whom to write to, and where to log to', async () => {
  const { admin, pass } = await openSandbox();
  const email_notifications = { on_update_failure: [ANN] };
  const telemetry_config = {
    table_names: { logs_table: 'main.default.logs' },
    inference_table_config: { enabled: true },
  };
  const made = await admin('POST', ENDPOINTS, {
    name: 'prices',
    config: { served_entities: [entity()] },
    email_notifications,
    telemetry_config,
    budget_policy_id: 'b1',
  });
  expect(made.json).toMatchObject({
    email_notifications,
    budget_policy_id: 'b1',
    telemetry_config: {
      telemetry_profile_id: expect.any(String),
      inference_table_config: { name: 'main.default.logs_payload' },
    },
  });
  expect((await admin('PATCH', `${ENDPOINTS}/prices/telemetry-config`, {})).status).toBe(409);
  pass(5 * MINUTE);
  const { telemetry_profile_id } = made.json.telemetry_config;
  expect(
    (await admin('PATCH', `${ENDPOINTS}/prices/telemetry-config`, { telemetry_config: {} })).json.telemetry_config
      .telemetry_profile_id,
  ).toBe(telemetry_profile_id);
  expect((await admin('PATCH', `${ENDPOINTS}/prices/telemetry-config`, {})).json.telemetry_config).toBeUndefined();
  expect(
    (await admin('PATCH', `${ENDPOINTS}/prices/notifications`, { email_notifications: {} })).json.email_notifications,
  ).toEqual({});
  expect((await admin('PATCH', `${ENDPOINTS}/${MODEL}/telemetry-config`, { telemetry_config })).json.error_code).toBe(
    'INVALID_PARAMETER_VALUE',
  );
});

test('a kept state keeps endpoints, and those that were being deployed become ready', async () => {
  const state = join(mkdtempSync(join(tmpdir(), 'sandbox-serving-')), 'state');
  onTestFinished(() => rmSync(dirname(state), { recursive: true, force: true }));
  const first = await openSandbox({ state });
  const made = (await first.admin('POST', ENDPOINTS, { name: 'prices', config: { served_entities: [entity()] } })).json;
  await first.admin('POST', MESSAGES, prompt());
  await first.sandbox.close();
  const journal = readFileSync(join(state, 'journal.jsonl'), 'utf8');
  expect(journal).toContain(ENDPOINTS);
  expect(journal).not.toContain(MESSAGES);
  // Until the client's own pool of connections has noticed.
  await pause(5);
  first.pass(5 * MINUTE);
  const again = await openSandbox({ state, now: first.now });
  expect((await again.admin('GET', `${ENDPOINTS}/prices`)).json).toMatchObject({
    id: made.id,
    state: { ready: 'READY' },
  });
});

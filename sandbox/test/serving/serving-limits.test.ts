import { expect, test } from 'vitest';
import { ANN, MINUTE, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';

const MODEL = 'databricks-claude-sonnet-4-5';
const ENDPOINT = `/api/2.0/serving-endpoints/${MODEL}`;
const four = (client: Client, maxTokens = 1, model = MODEL) =>
  client('POST', '/serving-endpoints/anthropic/v1/messages', {
    model,
    max_tokens: maxTokens,
    messages: [{ role: 'user', content: 'What is 2+2?' }],
  });

async function mayAsk(admin: Client, ...people: string[]): Promise<void> {
  const { id } = (await admin('GET', ENDPOINT)).json;
  await admin('PATCH', `/api/2.0/permissions/serving-endpoints/${id}`, {
    access_control_list: people.map((user_name) => ({ user_name, permission_level: 'CAN_QUERY' })),
  });
}

test('max_tokens is reserved against the limit of the minute, what was not used is credited', async () => {
  const { admin, pass } = await openSandbox({ outputTokensPerMinute: 100 });
  expect((await four(admin, 101)).status).toBe(429);
  expect((await four(admin, 100)).status).toBe(200);
  const full = await four(admin, 100);
  expect(full.status).toBe(429);
  expect(full.json.error_code).toBe('REQUEST_LIMIT_EXCEEDED');
  expect(full.json.message).toContain('output tokens per minute');
  expect(full.headers.get('retry-after')).toBe('60');
  expect((await four(admin, 99)).status).toBe(200);
  pass(20_000);
  expect((await four(admin, 99)).headers.get('retry-after')).toBe('40');
  pass(40_000);
  expect((await four(admin, 100)).status).toBe(200);
});

test('while an answer is streamed, all of its max_tokens is taken', async () => {
  const { admin, sandbox } = await openSandbox({ outputTokensPerMinute: 100, outputTokensPerSecond: 20 });
  const response = await fetch(`${sandbox.url}/serving-endpoints/anthropic/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.adminToken}` },
    body: JSON.stringify({
      model: MODEL,
      max_tokens: 100,
      stream: true,
      messages: [{ role: 'user', content: 'Write 20 words' }],
    }),
  });
  expect((await four(admin)).status).toBe(429);
  await response.text();
  expect((await four(admin, 60)).status).toBe(200);
});

test('input has its own limit, by what is really sent', async () => {
  const { admin, pass } = await openSandbox({ inputTokensPerMinute: 30 });
  expect((await four(admin)).status).toBe(200);
  expect((await four(admin)).status).toBe(200);
  const full = await four(admin);
  expect(full.status).toBe(429);
  expect(full.json.message).toContain('input tokens per minute');
  pass(MINUTE);
  expect((await four(admin)).status).toBe(200);
});

test('queries are counted by the hour, and the refused ones are not', async () => {
  const { admin, pass } = await openSandbox({ queriesPerHour: 2 });
  expect((await four(admin)).status).toBe(200);
  pass(20 * MINUTE);
  expect((await four(admin)).status).toBe(200);
  const full = await four(admin);
  expect(full.json.message).toContain('queries per hour');
  expect(full.headers.get('retry-after')).toBe('2400');
  pass(40 * MINUTE);
  expect((await four(admin)).status).toBe(200);
  expect((await four(admin)).status).toBe(429);
});

test('the most restrictive limit is the one that is told', async () => {
  const { admin } = await openSandbox({ queriesPerHour: 1, outputTokensPerMinute: 1 });
  expect((await four(admin)).status).toBe(200);
  const full = await four(admin);
  expect(full.json.message).toContain('queries per hour');
  expect(full.headers.get('retry-after')).toBe('3600');
});

test('limits are shared by everybody, and each endpoint has its own', async () => {
  const { admin, as } = await openSandbox({ queriesPerHour: 1 });
  await mayAsk(admin, ANN);
  expect((await four(as(ANN))).status).toBe(200);
  expect((await four(admin)).status).toBe(429);
  expect((await four(admin, 1, 'databricks-claude-haiku-4-5')).status).toBe(200);
});

test('an invalid query takes nothing from any limit', async () => {
  const { admin, as } = await openSandbox({ queriesPerHour: 1 });
  expect((await four(admin, 0)).status).toBe(400);
  expect((await four(as(ANN))).status).toBe(403);
  expect((await four(admin)).status).toBe(200);
});

test('the books say who asked how much', async () => {
  const { admin, as, sandbox } = await openSandbox({ queriesPerHour: 3 });
  await mayAsk(admin, ANN);
  await four(admin);
  await four(as(ANN));
  await four(as(ANN));
  await four(as(ANN));
  expect(sandbox.books().serving).toEqual([
    {
      endpoint: MODEL,
      requests: 3,
      refused: 1,
      inputTokens: expect.any(Number),
      outputTokens: 3,
      byUser: {
        [sandbox.adminUserName]: expect.objectContaining({ requests: 1, refused: 0 }),
        [ANN]: expect.objectContaining({ requests: 2, refused: 1, outputTokens: 2 }),
      },
    },
  ]);
});

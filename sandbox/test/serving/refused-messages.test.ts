import { expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { MODEL, MESSAGES, TOOLS, ask } from './message-requests.ts';

test('an image counts 1,600 tokens, however large it is', async () => {
  const { admin } = await openSandbox();
  const tokens = async (data: string) => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
    return (
      await admin('POST', `${MESSAGES}/count_tokens`, {
        model: MODEL,
        messages: [{ role: 'user', content: [image, { type: 'text', text: 'What is this?' }] }],
      })
    ).json.input_tokens as number;
  };
  expect(await tokens('A'.repeat(400_000))).toBe(await tokens('AAAA'));
  expect(await tokens('AAAA')).toBeGreaterThan(1_600);
});

const use = (id: string) => ({ role: 'assistant', content: [{ type: 'tool_use', id, name: 'Bash', input: {} }] });
const result = (id: string) => ({ role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'x' }] });
const HELLO = { role: 'user', content: 'hello' };

test.each([
  ['nothing', undefined, 'body: Field required'],
  ['a list', [], 'body: Invalid input: expected object, received array'],
  ['no model', ask('x', { model: undefined }), 'model: Field required'],
  [
    'max_tokens as text',
    ask('x', { max_tokens: 'many' }),
    'max_tokens: Invalid input: expected number, received string',
  ],
  ['max_tokens of nothing', ask('x', { max_tokens: 0 }), 'max_tokens: Too small'],
  [
    'more than the model can say',
    ask('x', { max_tokens: 64_001 }),
    'max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for databricks-claude-sonnet-4-5',
  ],
  ['too long a prompt', ask('x'.repeat(900_000)), /^prompt is too long: \d+ tokens > 200000 maximum$/],
  ['a field that the API does not know', ask('x', { temprature: 1 }), 'temprature: Extra inputs are not permitted'],
  ['an unknown role', ask('', { messages: [{ role: 'robot', content: 'x' }] }), 'messages.0.role: Invalid option'],
  [
    'the role system at the beginning',
    ask('', { messages: [{ role: 'system', content: 'x' }] }),
    'messages: Unexpected role "system"',
  ],
  [
    'an assistant at the beginning',
    ask('', { messages: [{ role: 'assistant', content: 'x' }] }),
    'messages: first message must use the "user" role',
  ],
  ['a message without content', ask('', { messages: [{ role: 'user' }] }), 'messages.0.content: Field required'],
  ['empty content', ask(''), 'messages.0: all messages must have non-empty content'],
  [
    'an empty text',
    ask([{ type: 'text', text: '' }]),
    'messages.0.content.0.text: text content blocks must be non-empty',
  ],
  [
    'a tool that is forced and not there',
    ask('x', { tools: TOOLS, tool_choice: { type: 'tool', name: 'Read' } }),
    "tool_choice.name: Tool 'Read' not found in provided tools",
  ],
  ['a tool without a schema', ask('x', { tools: [{ name: 'Read' }] }), 'tools.0.input_schema: Field required'],
  [
    'a tool that the platform would run',
    ask('x', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }),
    'tools.0.type: tools that run on the side of the model are not supported',
  ],
  [
    'a tool without its result',
    ask('', { messages: [HELLO, use('t1'), HELLO] }),
    'messages.2: `tool_use` ids were found without `tool_result` blocks immediately after: t1',
  ],
  [
    'a result without its tool',
    ask('', {
      messages: [HELLO, use('t1'), { role: 'user', content: [...result('t1').content, ...result('t2').content] }],
    }),
    'messages.2: unexpected `tool_use_id` found in `tool_result` blocks: t2',
  ],
  [
    'thinking without a budget',
    ask('x', { thinking: { type: 'enabled' } }),
    'thinking.enabled.budget_tokens: Field required',
  ],
  [
    'thinking beyond max_tokens',
    ask('x', { max_tokens: 1_024, thinking: { type: 'enabled', budget_tokens: 1_024 } }),
    '`max_tokens` must be greater than `thinking.budget_tokens`.',
  ],
])('400: %s', async (_, body, message) => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', MESSAGES, body);
  expect(answer.status).toBe(400);
  expect(answer.json.error_code).toBe('BAD_REQUEST');
  const complaint = String(answer.json.message).replace(/^Bad request: /, '');
  if (typeof message === 'string') expect(complaint.slice(0, message.length)).toBe(message);
  else expect(complaint).toMatch(message);
});

test('a body that is nested too deeply is refused', async () => {
  const { admin } = await openSandbox();
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const answer = await admin(
    'POST',
    MESSAGES,
    JSON.stringify(ask('x', { tools: [{ name: 'deep', input_schema: { deep: 'HERE' } }] })).replace('"HERE"', deep),
  );
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({
    error_code: 'MALFORMED_REQUEST',
    message: 'Invalid JSON given in the body of the request - nested too deeply',
  });
  expect((await admin('POST', MESSAGES, ask(`${'[\\"'.repeat(1_000)}What is 2+2?`))).status).toBe(200);
});

test('a million tokens fit when the beta is asked for', async () => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', MESSAGES, ask('x'.repeat(900_000)), { 'anthropic-beta': 'context-1m-2025-08-07' });
  expect(answer.status).toBe(200);
});

test('what is not named like a beta is refused, unless betas are switched off', async () => {
  const { admin } = await openSandbox();
  const claudeCode = 'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27';
  expect((await admin('POST', MESSAGES, ask('x'), { 'anthropic-beta': claudeCode })).status).toBe(200);
  const refused = await admin('POST', MESSAGES, ask('x'), { 'anthropic-beta': `${claudeCode}, nonsense` });
  expect(refused.status).toBe(400);
  expect(refused.json.message).toBe('Bad request: Unexpected value(s) `nonsense` for the `anthropic-beta` header.');
  expect(
    (
      await admin('POST', MESSAGES, ask('x'), {
        'anthropic-beta': 'nonsense',
        'x-databricks-disable-beta-headers': 'true',
      })
    ).status,
  ).toBe(200);
});

test('counting needs CAN_QUERY too, and an endpoint', async () => {
  const { admin, as } = await openSandbox();
  const body = { model: MODEL, messages: [HELLO] };
  expect((await as(ANN)('POST', `${MESSAGES}/count_tokens`, body)).status).toBe(403);
  expect((await admin('POST', `${MESSAGES}/count_tokens`, { ...body, model: 'gpt' })).status).toBe(404);
});

test('an answer that nobody waits for any more ends, and counts as far as it came', async () => {
  const { sandbox, admin } = await openSandbox({ outputTokensPerMinute: 1_000, outputTokensPerSecond: 50 });
  const gone = new AbortController();
  const response = await fetch(sandbox.url + MESSAGES, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.adminToken}` },
    body: JSON.stringify(ask('Write 2000 words', { max_tokens: 1_000, stream: true })),
    signal: gone.signal,
  });
  const reader = response.body?.getReader();
  await reader?.read();
  expect((await admin('POST', MESSAGES, ask('What is 2+2?', { max_tokens: 1 }))).status).toBe(429);
  gone.abort();
  await expect
    .poll(async () => (await admin('POST', MESSAGES, ask('What is 2+2?', { max_tokens: 1 }))).status, {
      timeout: 10_000,
    })
    .toBe(200);
  expect(sandbox.books().serving[0]?.outputTokens).toBeLessThan(1_000);
});

import { expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import type { Answer } from '../harness.ts';

const MODEL = 'databricks-claude-sonnet-4-5';
const INVOCATIONS = `/serving-endpoints/${MODEL}/invocations`;
const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'sh',
      parameters: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    },
  },
];
const ask = (content: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content },
  ],
  ...more,
});

// oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a server sent
function chunksOf(answer: Answer): any[] {
  const lines = answer.text
    .trimEnd()
    .split('\n\n')
    .map((line) => line.replace(/^data: /, ''));
  expect(lines.pop()).toBe('[DONE]');
  return lines.map((line) => JSON.parse(line));
}

test('a chat in the form of OpenAI', async () => {
  const { admin, now } = await openSandbox();
  const answer = await admin('POST', INVOCATIONS, ask([{ type: 'text', text: 'What is 6*7?' }], { max_tokens: 16 }));
  expect(answer.json).toEqual({
    id: expect.stringMatching(/^chatcmpl_/),
    object: 'chat.completion',
    created: now() / 1_000,
    model: MODEL,
    choices: [{ index: 0, message: { role: 'assistant', content: '42' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: expect.any(Number),
      completion_tokens: 1,
      total_tokens: answer.json.usage.prompt_tokens + 1,
    },
  });
});

test('clients of OpenAI name the endpoint as their model', async () => {
  const { admin } = await openSandbox();
  const answer = await admin(
    'POST',
    '/serving-endpoints/chat/completions',
    ask('Reply with exactly: here', { model: MODEL }),
  );
  expect(answer.json.choices[0].message.content).toBe('here');
  expect((await admin('POST', '/serving-endpoints/chat/completions', ask('x', { model: 'gpt' }))).status).toBe(404);
  expect((await admin('POST', '/serving-endpoints/chat/completions', ask('x'))).json.message).toBe(
    'Missing required field: model',
  );
});

test('a stream is data lines, with [DONE] at the end', async () => {
  const { admin } = await openSandbox({ outputTokensPerSecond: 1_000_000 });
  const answer = await admin(
    'POST',
    INVOCATIONS,
    ask('Write 4 words', { stream: true, stream_options: { include_usage: true } }),
  );
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const chunks = chunksOf(answer);
  expect(chunks.every((chunk) => chunk.object === 'chat.completion.chunk')).toBe(true);
  expect(chunks[0].choices[0].delta.role).toBe('assistant');
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('word1 word2 word3 word4');
  expect(chunks.at(-2).choices[0].finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 6 } });
  const without = chunksOf(await admin('POST', INVOCATIONS, ask('Write 4 words', { stream: true })));
  expect(without.at(-1).choices[0].finish_reason).toBe('stop');
});

test('functions are called, and what they said comes back', async () => {
  const { admin } = await openSandbox({ outputTokensPerSecond: 1_000_000 });
  const asked = (await admin('POST', INVOCATIONS, ask('Run: ls -l', { tools: TOOLS }))).json.choices[0];
  expect(asked.finish_reason).toBe('tool_calls');
  expect(asked.message).toEqual({
    role: 'assistant',
    content: null,
    tool_calls: [
      {
        id: expect.stringMatching(/^call_/),
        type: 'function',
        function: { name: 'sh', arguments: '{"command":"ls -l"}' },
      },
    ],
  });
  const messages = [
    ...ask('Run: ls -l').messages,
    asked.message,
    { role: 'tool', tool_call_id: asked.message.tool_calls[0].id, content: 'total 0' },
  ];
  expect((await admin('POST', INVOCATIONS, { messages, tools: TOOLS })).json.choices[0].message.content).toBe(
    'total 0',
  );
  const streamed = chunksOf(await admin('POST', INVOCATIONS, ask('Run: ls -l', { tools: TOOLS, stream: true })));
  expect(streamed.map((chunk) => chunk.choices[0].delta.tool_calls?.[0].function.arguments ?? '').join('')).toBe(
    '{"command":"ls -l"}',
  );
  const forced = await admin(
    'POST',
    INVOCATIONS,
    ask('x', { tools: TOOLS, tool_choice: { type: 'function', function: { name: 'sh' } } }),
  );
  expect(forced.json.choices[0].message.tool_calls[0].function.name).toBe('sh');
  const none = await admin('POST', INVOCATIONS, ask('Run: ls -l', { tools: TOOLS, tool_choice: 'none' }));
  expect(none.json.choices[0].message.tool_calls).toBeUndefined();
});

test('an answer ends where max_tokens or a stop ends it, and follows a schema', async () => {
  const { admin } = await openSandbox();
  const cut = await admin('POST', INVOCATIONS, ask('Write 6 words', { max_completion_tokens: 2 }));
  expect(cut.json.choices[0]).toMatchObject({ message: { content: 'word1 wo' }, finish_reason: 'length' });
  const stopped = await admin('POST', INVOCATIONS, ask('Write 6 words', { stop: ' word2' }));
  expect(stopped.json.choices[0]).toMatchObject({ message: { content: 'word1' }, finish_reason: 'stop' });
  const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] };
  const formed = await admin(
    'POST',
    INVOCATIONS,
    ask('x', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema } } }),
  );
  expect(formed.json.choices[0].message.content).toBe('{"ok":false}');
});

test.each([
  ['no messages', {}, 'INVALID_PARAMETER_VALUE', 'Missing required field: messages'],
  ['messages as text', { messages: 'x' }, 'MALFORMED_REQUEST', 'Could not parse request object'],
  [
    'max_tokens of nothing',
    ask('x', { max_tokens: 0 }),
    'INVALID_PARAMETER_VALUE',
    "Invalid value for field 'max_tokens'",
  ],
  [
    'more than the model can say',
    ask('x', { max_tokens: 64_001 }),
    'INVALID_PARAMETER_VALUE',
    'max_tokens must be at most 64000',
  ],
  ['two answers at once', ask('x', { n: 2 }), 'INVALID_PARAMETER_VALUE', "Invalid value for field 'n'"],
])('400: %s', async (_, body, code, message) => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', INVOCATIONS, body);
  expect(answer.status).toBe(400);
  expect(answer.json.error_code).toBe(code);
  expect(answer.json.message).toContain(message);
});

test('asking needs CAN_QUERY, a token that is known, and an endpoint', async () => {
  const { admin, as, sandbox } = await openSandbox();
  expect((await as(ANN)('POST', INVOCATIONS, ask('x'))).json.error_code).toBe('PERMISSION_DENIED');
  expect((await admin('POST', '/serving-endpoints/gpt/invocations', ask('x'))).status).toBe(404);
  const stranger = await fetch(sandbox.url + INVOCATIONS, {
    method: 'POST',
    headers: { authorization: 'Bearer dapi0' },
    body: '{}',
  });
  expect(stranger.status).toBe(401);
});

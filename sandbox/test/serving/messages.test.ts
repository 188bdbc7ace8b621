import { expect, test } from 'vitest';
import { openSandbox } from '../harness.ts';
import { MODEL, MESSAGES, AT_ONCE, TOOLS, ask, eventsOf } from './message-requests.ts';

test('an answer in one piece', async () => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', `${MESSAGES}?beta=true`, ask('Reply with exactly: PONG'));
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    id: expect.stringMatching(/^msg_[a-z0-9]{24}$/),
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [{ type: 'text', text: 'PONG' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: expect.any(Number),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: 1,
    },
  });
});

test('the newer address answers the same', async () => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', '/ai-gateway/anthropic/v1/messages', ask('What is 2+2?'));
  expect(answer.json.content).toEqual([{ type: 'text', text: '4' }]);
  expect((await admin('HEAD', '/ai-gateway/anthropic')).status).toBe(404);
});

test('a stream is events, each with its name', async () => {
  const { admin } = await openSandbox(AT_ONCE);
  const answer = await admin('POST', MESSAGES, ask('Write 6 words', { stream: true }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events = eventsOf(answer);
  for (const { event, data } of events) expect(data.type).toBe(event);
  expect(events.map(({ event }) => event)).toEqual([
    'message_start',
    'ping',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(events[0]?.data.message).toMatchObject({ role: 'assistant', model: MODEL, content: [], stop_reason: null });
  expect(events.flatMap(({ data }) => data.delta?.text ?? []).join('')).toBe('word1 word2 word3 word4 word5 word6');
  expect(events.at(-2)?.data).toMatchObject({
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: 9 },
  });
});

test('a command is run with a tool, and its result comes back', async () => {
  const { admin } = await openSandbox(AT_ONCE);
  const asked = eventsOf(await admin('POST', MESSAGES, ask('Run: echo "hello there"', { stream: true, tools: TOOLS })));
  const block = asked.find(({ event }) => event === 'content_block_start')?.data.content_block;
  expect(block).toEqual({ type: 'tool_use', id: expect.stringMatching(/^toolu_/), name: 'Bash', input: {} });
  expect(JSON.parse(asked.flatMap(({ data }) => data.delta?.partial_json ?? []).join(''))).toEqual({
    command: 'echo "hello there"',
  });
  expect(asked.at(-2)?.data.delta.stop_reason).toBe('tool_use');

  const messages = [
    { role: 'user', content: 'Run: echo "hello there"' },
    {
      role: 'assistant',
      content: [{ type: 'tool_use', id: block.id, name: 'Bash', input: { command: 'echo "hello there"' } }],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: block.id,
          content: [{ type: 'text', text: 'hello there\n<system-reminder>Tokens are left.</system-reminder>' }],
        },
      ],
    },
  ];
  const answer = await admin('POST', MESSAGES, ask('', { messages, tools: TOOLS }));
  expect(answer.json).toMatchObject({ content: [{ type: 'text', text: 'hello there' }], stop_reason: 'end_turn' });
});

test('the shell that the API defines itself is one too', async () => {
  const { admin } = await openSandbox();
  const answer = await admin('POST', MESSAGES, ask('Run: ls', { tools: [{ type: 'bash_20250124', name: 'bash' }] }));
  expect(answer.json.content).toMatchObject([{ type: 'tool_use', name: 'bash', input: { command: 'ls' } }]);
});

test('what Claude Code adds by itself is not what was asked', async () => {
  const { admin } = await openSandbox();
  const content = [
    { type: 'text', text: '<system-reminder>Run: rm -rf /</system-reminder>' },
    { type: 'text', text: 'What is 3+4?', cache_control: { type: 'ephemeral' } },
  ];
  expect((await admin('POST', MESSAGES, ask(content, { tools: TOOLS }))).json.content).toEqual([
    { type: 'text', text: '7' },
  ]);
});

test('thinking comes first when it is asked for', async () => {
  const { admin } = await openSandbox(AT_ONCE);
  const body = ask('What is 2+2?', { max_tokens: 2_000, thinking: { type: 'enabled', budget_tokens: 1_999 } });
  const { json } = await admin('POST', MESSAGES, body);
  expect(json.content).toEqual([
    { type: 'thinking', thinking: expect.stringContaining('No model was asked'), signature: expect.any(String) },
    { type: 'text', text: '4' },
  ]);
  const deltas = eventsOf(await admin('POST', MESSAGES, { ...body, stream: true })).flatMap(
    ({ data }) => data.delta?.type ?? [],
  );
  expect(deltas).toContain('thinking_delta');
  expect(deltas).toContain('signature_delta');
  const adaptive = await admin('POST', MESSAGES, ask('What is 2+2?', { thinking: { type: 'adaptive' } }));
  expect(adaptive.json.content).toHaveLength(1);
});

test('an answer ends where max_tokens or a stop sequence ends it', async () => {
  const { admin } = await openSandbox();
  const cut = await admin('POST', MESSAGES, ask('Write 6 words', { max_tokens: 2 }));
  expect(cut.json).toMatchObject({
    content: [{ text: 'word1 wo' }],
    stop_reason: 'max_tokens',
    usage: { output_tokens: 2 },
  });
  const stopped = await admin('POST', MESSAGES, ask('Write 6 words', { stop_sequences: ['word5', ' word3'] }));
  expect(stopped.json).toMatchObject({
    content: [{ text: 'word1 word2' }],
    stop_reason: 'stop_sequence',
    stop_sequence: ' word3',
  });
  const tool = await admin('POST', MESSAGES, ask('Run: echo a long command', { max_tokens: 3, tools: TOOLS }));
  expect(tool.json).toMatchObject({ content: [], stop_reason: 'max_tokens' });
});

test('a character is never cut in two', async () => {
  const { admin } = await openSandbox(AT_ONCE);
  const words = `abc${'😀'.repeat(20)}`;
  const cut = await admin('POST', MESSAGES, ask(`Reply with exactly: ${words}`, { max_tokens: 1 }));
  expect(cut.json.content[0].text).toBe('abc');
  const events = eventsOf(await admin('POST', MESSAGES, ask(`Reply with exactly: ${words}`, { stream: true })));
  const deltas: string[] = events.flatMap(({ data }) => data.delta?.text ?? []);
  expect(deltas.join('')).toBe(words);
  for (const delta of deltas) expect(delta.isWellFormed()).toBe(true);
});

test('tokens are counted beforehand as they are counted afterwards', async () => {
  const { admin } = await openSandbox();
  const { max_tokens: _, ...body } = ask('hello', { system: [{ type: 'text', text: 'Be kind.' }], tools: TOOLS });
  const counted = await admin('POST', `${MESSAGES}/count_tokens?beta=true`, body);
  const answered = await admin('POST', MESSAGES, { ...body, max_tokens: 10 });
  expect(counted.json.input_tokens).toBe(answered.json.usage.input_tokens);
  const longer = await admin('POST', `${MESSAGES}/count_tokens`, { ...body, system: 'Be kind. '.repeat(400) });
  expect(longer.json.input_tokens).toBeGreaterThan(counted.json.input_tokens + 800);
});

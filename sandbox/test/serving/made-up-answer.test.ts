import { expect, test } from 'vitest';
import { madeUpAnswer } from '../../src/serving/messages/made-up-answer.ts';
import type { Prompt } from '../../src/serving/messages/pieces.ts';

const BASH = {
  name: 'Bash',
  schema: {
    type: 'object',
    properties: { command: { type: 'string' }, description: { type: 'string' } },
    required: ['command'],
  },
};
const READ = {
  name: 'Read',
  schema: { type: 'object', properties: { file_path: { type: 'string' } }, required: ['file_path'] },
};
const prompt = (text: string, more: Partial<Prompt> = {}): Prompt => ({
  text,
  toolResults: [],
  tools: [],
  mustUse: undefined,
  answerSchema: undefined,
  ...more,
});
const answered = (text: string) => [{ type: 'text', text }];
const ran = (...commands: string[]) => commands.map((command) => ({ type: 'tool', name: 'Bash', input: { command } }));

test.each([
  ['What is 2+2? Answer with the number only', '4'],
  ['what is 7 × 6', '42'],
  ['Calculate 10 divided by 4.', '2.5'],
  ['How much is 0.1 + 0.2?', '0.3'],
  ['What is 2+2? Reply with only the number.', '4'],
  ['Reply with exactly: PONG', 'PONG'],
  ['Please reply with exactly "all is well" and nothing else.', 'all is well'],
  ['Say only the word ready.', 'ready'],
  ['Reply with the single word pong', 'pong'],
  ['Answer with exactly OK and nothing else', 'OK'],
  ['Reply with exactly: What is 2+2?', 'What is 2+2?'],
  ['Write 3 words', 'word1 word2 word3'],
  ['Tell me a story', 'Hello from the sandbox: no model was asked.'],
  ['Run: ls', 'Hello from the sandbox: no model was asked.'],
  ['What is 1 / 0?', 'Hello from the sandbox: no model was asked.'],
])('%s', (words, answer) => {
  expect(madeUpAnswer(prompt(words))).toEqual(answered(answer));
});

test.each([
  ['Run: echo hi', ran('echo hi')],
  ['Run: ls\nRun: pwd', ran('ls', 'pwd')],
  ['Run: echo `date` now', ran('echo `date` now')],
  ['Run: `ls -l` and tell me', ran('ls -l')],
  ['Use the Bash tool to run `hostname -f` and tell me what it says', ran('hostname -f')],
  ['Please execute this command: uname -a', ran('uname -a')],
  ['Use Read: {"file_path": "/etc/hosts"}', [{ type: 'tool', name: 'Read', input: { file_path: '/etc/hosts' } }]],
  ['Use Write: {"file_path": "/etc/hosts"}', answered('Hello from the sandbox: no model was asked.')],
  ['Use Read: {broken}', answered('Hello from the sandbox: no model was asked.')],
])('with tools: %s', (words, answer) => {
  expect(madeUpAnswer(prompt(words, { tools: [READ, BASH] }))).toEqual(answer);
});

test('what tools said is repeated, and their failures are called so', () => {
  const toolResults = [
    { text: 'first', failed: false },
    { text: 'no such file', failed: true },
  ];
  expect(madeUpAnswer(prompt('Run: ls', { tools: [BASH], toolResults }))).toEqual(
    answered('first\nThe tool failed: no such file'),
  );
});

test('a tool that must be used gets the smallest input that its schema allows', () => {
  const schema = {
    type: 'object',
    properties: {
      city: { type: 'string' },
      days: { type: 'integer', minimum: 3 },
      unit: { enum: ['C', 'F'] },
      exact: { type: 'boolean' },
      tags: { type: 'array' },
      at: { anyOf: [{ const: 'now' }] },
      left: { type: 'string' },
    },
    required: ['city', 'days', 'unit', 'exact', 'tags', 'at', 'unheard of'],
  };
  const tool = { name: 'weather', schema };
  expect(madeUpAnswer(prompt('anything', { tools: [tool], mustUse: tool }))).toEqual([
    {
      type: 'tool',
      name: 'weather',
      input: {
        city: 'made up by the sandbox',
        days: 3,
        unit: 'C',
        exact: false,
        tags: [],
        at: 'now',
        'unheard of': null,
      },
    },
  ]);
});

test('a schema for the answer is followed', () => {
  const answerSchema = {
    type: 'object',
    properties: { list: { type: 'array', minItems: 1, items: { type: 'number' } } },
    required: ['list'],
  };
  expect(madeUpAnswer(prompt('anything', { answerSchema }))).toEqual(answered('{"list":[0]}'));
});

test('of a very long prompt the end counts', () => {
  expect(madeUpAnswer(prompt(`${'use a:{'.repeat(100_000)}\nReply with exactly: here`, { tools: [BASH] }))).toEqual(
    answered('here'),
  );
});

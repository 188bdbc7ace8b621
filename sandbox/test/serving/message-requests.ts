import type { Answer } from '../harness.ts';

export const MODEL = 'databricks-claude-sonnet-4-5';
export const MESSAGES = '/serving-endpoints/anthropic/v1/messages';
export const AT_ONCE = { outputTokensPerSecond: 1_000_000 };
export const TOOLS = [
  {
    name: 'Bash',
    description: 'runs',
    input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
  },
];
export const ask = (content: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  model: MODEL,
  max_tokens: 100,
  messages: [{ role: 'user', content }],
  ...more,
});

export interface StreamEvent {
  readonly event: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a server sent
  readonly data: any;
}

export const eventsOf = (answer: Answer): StreamEvent[] =>
  answer.text
    .trimEnd()
    .split('\n\n')
    .map((block) => {
      const [event = '', data = ''] = block.split('\n');
      if (!event.startsWith('event: ') || !data.startsWith('data: ')) throw new Error(`Not an event: ${block}`);
      return { event: event.slice('event: '.length), data: JSON.parse(data.slice('data: '.length)) };
    });

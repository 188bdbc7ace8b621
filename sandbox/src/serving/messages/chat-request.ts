import { z } from 'zod';
import { readBody } from '../../http/request-body.ts';
import type { Prompt, Tool } from './pieces.ts';
import { inputTokensOf } from '../token-estimate.ts';

/** What is reserved for a request that does not say; the real number is not published. */
const DEFAULT_MAX_TOKENS = 4_096;

const part = z.looseObject({ type: z.string().min(1) });
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(part)]).nullish(),
});
const tool = z.looseObject({
  type: z.literal('function'),
  function: z.looseObject({ name: z.string().min(1), parameters: z.unknown().optional() }),
});
const toolChoice = z.union([
  z.enum(['auto', 'none', 'required']),
  z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
]);

const chatBody = z.looseObject({
  /** Only where the path names no endpoint. */
  model: z.string().optional(),
  messages: z.array(message).min(1),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(20)]).nullish(),
  n: z.literal(1, 'n must be 1').nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: z.unknown().optional() }).optional() })
    .nullish(),
});

export type ChatRequest = z.output<typeof chatBody>;

/** @throws 400. */
export const readChatRequest = (json: unknown): ChatRequest => readBody(chatBody, json);

export const maxTokensOf = ({ max_tokens, max_completion_tokens }: ChatRequest): number =>
  max_completion_tokens ?? max_tokens ?? DEFAULT_MAX_TOKENS;

export const stopsOf = ({ stop }: ChatRequest): readonly string[] => (typeof stop === 'string' ? [stop] : (stop ?? []));

/** What the model has to read. */
export const inputTokensOfChat = ({ messages, tools }: ChatRequest): number => inputTokensOf([messages, tools ?? null]);

/** What a chat asks. Results of tools are messages of their own here: those at the end are what is asked. */
export function promptOfChat({ messages, tools, tool_choice, response_format }: ChatRequest): Prompt {
  const lastOther = messages.findLastIndex(({ role }) => role !== 'tool');
  const results = messages.slice(lastOther + 1);
  const usable =
    tool_choice === 'none'
      ? []
      : (tools ?? []).map((one): Tool => ({ name: one.function.name, schema: one.function.parameters }));
  const choice = tool_choice ?? 'auto';
  return {
    text: textOf(messages.findLast(({ role }) => role === 'user')?.content).trim(),
    toolResults: results.map(({ content }) => ({ text: textOf(content), failed: false })),
    tools: usable,
    mustUse:
      choice === 'required'
        ? usable[0]
        : typeof choice === 'object'
          ? usable.find(({ name }) => name === choice.function.name)
          : undefined,
    answerSchema: response_format?.type === 'json_schema' ? response_format.json_schema?.schema : undefined,
  };
}

function textOf(content: ChatRequest['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? [])
    .flatMap((one) => (one.type === 'text' && typeof one['text'] === 'string' ? [one['text']] : []))
    .join('\n');
}

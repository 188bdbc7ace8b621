import type { Chance } from '../../chance.ts';
import { deltasOf } from './generation.ts';
import type { Generation } from './generation.ts';
import { paceOf } from '../stream-pace.ts';
import { tokensOf } from '../token-estimate.ts';

interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** An answer of a chat, in the form that OpenAI's clients read. */
export interface ChatAnswer {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const FINISH = { end_turn: 'stop', stop_sequence: 'stop', max_tokens: 'length', tool_use: 'tool_calls' } as const;

export function chatAnswerOf(
  chance: Chance,
  model: string,
  { pieces, stopReason, outputTokens }: Generation,
  inputTokens: number,
  at: number,
): ChatAnswer {
  return {
    id: `chatcmpl_${chance.uuid()}`,
    created: Math.floor(at / 1_000),
    model,
    text: pieces.flatMap((piece) => (piece.type === 'text' ? [piece.text] : [])).join('\n'),
    toolCalls: pieces.flatMap((piece) =>
      piece.type === 'tool'
        ? [
            {
              id: `call_${chance.letters(24)}`,
              type: 'function' as const,
              function: { name: piece.name, arguments: JSON.stringify(piece.input) },
            },
          ]
        : [],
    ),
    finishReason: FINISH[stopReason],
    inputTokens,
    outputTokens,
  };
}

/** The answer in one piece. */
export const chatJson = (answer: ChatAnswer): unknown => ({
  id: answer.id,
  object: 'chat.completion',
  created: answer.created,
  model: answer.model,
  choices: [
    {
      index: 0,
      message: {
        role: 'assistant',
        content: answer.toolCalls.length > 0 && answer.text === '' ? null : answer.text,
        ...(answer.toolCalls.length > 0 ? { tool_calls: answer.toolCalls } : {}),
      },
      finish_reason: answer.finishReason,
    },
  ],
  usage: usageOf(answer),
});

/**
 * The answer as `data:` lines, with [DONE] at the end.
 * @param ended called once, with the tokens that went out: fewer than planned when the client hung up.
 */
export async function* chatStream(
  answer: ChatAnswer,
  withUsage: boolean,
  tokensPerSecond: number,
  ended: (outputTokens: number) => void,
): AsyncGenerator<string> {
  const pace = paceOf(tokensPerSecond);
  const chunk = (choices: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string =>
    `data: ${JSON.stringify({ id: answer.id, object: 'chat.completion.chunk', created: answer.created, model: answer.model, choices, ...more })}\n\n`;
  const part = (delta: unknown): string => chunk([{ index: 0, delta, finish_reason: null }]);
  let sent = 0;
  let complete = false;
  try {
    yield part({ role: 'assistant', content: '' });
    for (const words of deltasOf(answer.text)) {
      await pace(words);
      sent += tokensOf(words);
      yield part({ content: words });
    }
    for (const [
      index,
      {
        id,
        type,
        function: { name, arguments: input },
      },
    ] of answer.toolCalls.entries()) {
      yield part({ tool_calls: [{ index, id, type, function: { name, arguments: '' } }] });
      for (const words of deltasOf(input)) {
        await pace(words);
        sent += tokensOf(words);
        yield part({ tool_calls: [{ index, function: { arguments: words } }] });
      }
    }
    complete = true;
    yield chunk([{ index: 0, delta: {}, finish_reason: answer.finishReason }]);
    if (withUsage) yield chunk([], { usage: usageOf(answer) });
    yield 'data: [DONE]\n\n';
  } finally {
    ended(complete ? answer.outputTokens : Math.min(sent, answer.outputTokens));
  }
}

const usageOf = ({ inputTokens, outputTokens }: ChatAnswer): unknown => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});

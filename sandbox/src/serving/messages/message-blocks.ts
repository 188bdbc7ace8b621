import { randomBytes } from 'node:crypto';
import { randomLetters } from '../../random.ts';
import type { Generation } from './generation.ts';
import { tokensOf } from '../token-estimate.ts';

/** A content block of an answer of the Messages API. */
export type MessageBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
    };

export interface Message {
  readonly id: string;
  readonly model: string;
  readonly content: readonly MessageBlock[];
  readonly stopReason: Generation['stopReason'];
  readonly stopSequence: string | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

const THOUGHT = 'No model was asked, so nothing was thought.';
export const THOUGHT_TOKENS = tokensOf(THOUGHT);

/** @param thinks a thinking block comes first; its tokens are part of the generation's. */
export function messageOf(model: string, generation: Generation, inputTokens: number, thinks: boolean): Message {
  const id = `msg_${randomLetters(24)}`;
  const thinking: MessageBlock[] = thinks
    ? [{ type: 'thinking', thinking: THOUGHT, signature: randomBytes(32).toString('base64') }]
    : [];
  const answer = generation.pieces.map((piece): MessageBlock =>
    piece.type === 'text'
      ? piece
      : { type: 'tool_use', id: `toolu_${randomLetters(24)}`, name: piece.name, input: piece.input },
  );
  return {
    id,
    model,
    content: [...thinking, ...answer],
    stopReason: generation.stopReason,
    stopSequence: generation.stopSequence,
    inputTokens,
    outputTokens: generation.outputTokens + (thinks ? THOUGHT_TOKENS : 0),
  };
}

/** The answer in one piece. */
export const messageJson = (message: Message): unknown => ({
  id: message.id,
  type: 'message',
  role: 'assistant',
  model: message.model,
  content: message.content,
  stop_reason: message.stopReason,
  stop_sequence: message.stopSequence ?? null,
  usage: usageOf(message, message.outputTokens),
});

/** Nothing is ever cached here. */
export const usageOf = ({ inputTokens }: Message, outputTokens: number): unknown => ({
  input_tokens: inputTokens,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: outputTokens,
});

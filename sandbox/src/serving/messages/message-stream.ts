import { deltasOf } from './generation.ts';
import { usageOf } from './message-blocks.ts';
import type { Message, MessageBlock } from './message-blocks.ts';
import { paceOf } from '../stream-pace.ts';
import { tokensOf } from '../token-estimate.ts';

/**
 * The answer as server-sent events, each with its `event:` line: without it clients see an empty answer
 * (docs/facts/ssh-and-claude.md section 3).
 * @param ended called once, with the tokens that went out: fewer than planned when the client hung up.
 */
export async function* messageStream(
  message: Message,
  tokensPerSecond: number,
  ended: (outputTokens: number) => void,
): AsyncGenerator<string> {
  const pace = paceOf(tokensPerSecond);
  let sent = 0;
  let complete = false;
  try {
    yield event('message_start', {
      message: {
        id: message.id,
        type: 'message',
        role: 'assistant',
        model: message.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: usageOf(message, 1),
      },
    });
    yield event('ping', {});
    for (const [index, block] of message.content.entries()) {
      yield event('content_block_start', { index, content_block: beginningOf(block) });
      for (const { delta, words } of deltas(block)) {
        await pace(words);
        sent += tokensOf(words);
        yield event('content_block_delta', { index, delta });
      }
      yield event('content_block_stop', { index });
    }
    complete = true;
    yield event('message_delta', {
      delta: { stop_reason: message.stopReason, stop_sequence: message.stopSequence ?? null },
      usage: usageOf(message, message.outputTokens),
    });
    yield event('message_stop', {});
  } finally {
    ended(complete ? message.outputTokens : Math.min(sent, message.outputTokens));
  }
}

const event = (type: string, data: Readonly<Record<string, unknown>>): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

function beginningOf(block: MessageBlock): unknown {
  if (block.type === 'text') return { type: 'text', text: '' };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { ...block, input: {} };
}

function deltas(block: MessageBlock): { readonly delta: unknown; readonly words: string }[] {
  if (block.type === 'text')
    return deltasOf(block.text).map((words) => ({ words, delta: { type: 'text_delta', text: words } }));
  if (block.type === 'tool_use')
    return deltasOf(JSON.stringify(block.input)).map((words) => ({
      words,
      delta: { type: 'input_json_delta', partial_json: words },
    }));
  return [
    ...deltasOf(block.thinking).map((words) => ({ words, delta: { type: 'thinking_delta', thinking: words } })),
    { words: '', delta: { type: 'signature_delta', signature: block.signature } },
  ];
}

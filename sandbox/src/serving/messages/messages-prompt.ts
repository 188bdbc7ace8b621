import type { Prompt, Tool } from './pieces.ts';
import { blocksOf } from './messages-request.ts';
import type { ContentBlock, MessagesRequest, ToolResultBlock } from './messages-request.ts';

/** What Claude Code adds by itself to a user's words, and to what tools said. */
const REMINDER = { begins: '<system-reminder>', ends: '</system-reminder>' } as const;

/** Tools that the API defines itself come without a schema. */
const SHELL = { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] } as const;

/** What a request of the Messages API asks. */
export function promptOfMessages({ messages, tools, tool_choice, output_config }: MessagesRequest): Prompt {
  const last = blocksOf(messages.findLast((message) => message.role === 'user')?.content ?? '');
  const choice = tool_choice?.type ?? 'auto';
  const usable =
    choice === 'none'
      ? []
      : (tools ?? []).map((tool): Tool => ({
          name: tool.name,
          schema: tool.input_schema ?? (tool.type?.startsWith('bash_') ? SHELL : undefined),
        }));
  return {
    text: withoutReminders(textOf(last)),
    toolResults: last
      .filter((block) => block.type === 'tool_result')
      .map((block) => resultOf(block as ToolResultBlock)),
    tools: usable,
    mustUse:
      choice === 'any'
        ? usable[0]
        : choice === 'tool'
          ? usable.find((tool) => tool.name === tool_choice?.name)
          : undefined,
    answerSchema: output_config?.format?.type === 'json_schema' ? output_config.format.schema : undefined,
  };
}

function resultOf({ content, is_error }: ToolResultBlock): { text: string; failed: boolean } {
  return {
    text: withoutReminders(typeof content === 'string' ? content : textOf(content ?? [])),
    failed: is_error === true,
  };
}

function withoutReminders(text: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const begin = text.indexOf(REMINDER.begins, from);
    const end = begin < 0 ? -1 : text.indexOf(REMINDER.ends, begin);
    if (end < 0) return (kept + text.slice(from)).trim();
    kept += text.slice(from, begin);
    from = end + REMINDER.ends.length;
  }
}

const textOf = (blocks: readonly ContentBlock[]): string =>
  blocks
    .flatMap((block) => (block.type === 'text' && typeof block['text'] === 'string' ? [block['text']] : []))
    .join('\n');

import type { Prompt, Tool } from './pieces.ts';
import { blocksOf } from './messages-request.ts';
import type { ContentBlock, MessagesRequest, ToolResultBlock } from './messages-request.ts';

/** What Claude Code adds to a user's words by itself. */
const REMINDERS = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

/** What a request of the Messages API asks. */
export function promptOfMessages({ messages, tools, tool_choice, output_config }: MessagesRequest): Prompt {
  const last = blocksOf(messages.findLast((message) => message.role === 'user')?.content ?? '');
  const choice = tool_choice?.type ?? 'auto';
  const usable = choice === 'none' ? [] : (tools ?? []).map((tool): Tool => ({ name: tool.name, schema: tool.input_schema }));
  return {
    text: textOf(last).replaceAll(REMINDERS, '').trim(),
    toolResults: last.filter((block) => block.type === 'tool_result').map((block) => resultOf(block as ToolResultBlock)),
    tools: usable,
    mustUse: choice === 'any' ? usable[0] : choice === 'tool' ? usable.find((tool) => tool.name === tool_choice?.name) : undefined,
    answerSchema: output_config?.format?.type === 'json_schema' ? output_config.format.schema : undefined,
  };
}

function resultOf({ content, is_error }: ToolResultBlock): { text: string; failed: boolean } {
  return { text: typeof content === 'string' ? content : textOf(content ?? []), failed: is_error === true };
}

const textOf = (blocks: readonly ContentBlock[]): string =>
  blocks.flatMap((block) => (block.type === 'text' && typeof block['text'] === 'string' ? [block['text']] : [])).join('\n');

import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { inputTokensOf } from '../token-estimate.ts';

const block = z.looseObject({ type: z.string().min(1) });
const textBlock = z.looseObject({
  type: z.literal('text'),
  text: z.string().min(1, 'text content blocks must be non-empty'),
});
const toolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown().optional()),
});
const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z.union([z.string(), z.array(block)]).optional(),
  is_error: z.boolean().nullish(),
});
/** Blocks that are looked into; every other kind (images, documents, thinking) is taken as it is. */
const STRICT = { text: textBlock, tool_use: toolUseBlock, tool_result: toolResultBlock } as const;
const contentBlock = block.superRefine((given, context) => {
  if (!Object.hasOwn(STRICT, given.type)) return;
  const result = STRICT[given.type as keyof typeof STRICT].safeParse(given);
  for (const issue of result.error?.issues ?? [])
    context.addIssue({ code: 'custom', path: issue.path, message: issue.message });
});

/**
 * What a model's own side would run; a workspace refuses web search (docs/facts/databricks-workspace.md section 9), the
 * others are taken to be alike.
 */
const HOSTED = /^(?:web_search|web_fetch|code_execution)_\d/;

const message = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(contentBlock)]),
});
const tool = z
  .looseObject({
    name: z.string().min(1).max(128),
    type: z.string().nullish(),
    input_schema: z.looseObject({}).optional(),
  })
  .refine(({ type, input_schema }) => (type ?? 'custom') !== 'custom' || input_schema !== undefined, {
    path: ['input_schema'],
    message: 'Field required',
  })
  .refine(({ type }) => !HOSTED.test(type ?? ''), {
    path: ['type'],
    message: 'tools that run on the side of the model are not supported',
  });

/**
 * Fields that the API knows; what is not among them is refused (docs/facts/databricks-workspace.md section 9), and most
 * of them change nothing here.
 */
const known = {
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  metadata: z.looseObject({}).nullish(),
  service_tier: z.unknown().optional(),
  container: z.unknown().optional(),
  context_management: z.unknown().optional(),
  output_format: z.unknown().optional(),
  mcp_servers: z.unknown().optional(),
  inference_geo: z.unknown().optional(),
  speed: z.unknown().optional(),
  cache_control: z.unknown().optional(),
  diagnostics: z.unknown().optional(),
  fallbacks: z.unknown().optional(),
  fallback_credit_token: z.unknown().optional(),
  compaction: z.unknown().optional(),
  thread: z.unknown().optional(),
  billing_policy: z.unknown().optional(),
  user_profile_id: z.unknown().optional(),
  workspace_id: z.unknown().optional(),
};

const countFields = {
  model: z.string().min(1),
  messages: z.array(message).min(1, 'at least one message is required').max(100_000),
  system: z.union([z.string(), z.array(textBlock)]).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() }).nullish(),
  thinking: z
    .looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']), budget_tokens: z.int().min(1_024).optional() })
    .nullish(),
  output_config: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: z.unknown().optional() }).nullish() })
    .nullish(),
  ...known,
};
const countBody = z.strictObject(countFields);
const messagesBody = z.strictObject({
  ...countFields,
  max_tokens: z.int().min(1),
  stream: z.boolean().nullish(),
  stop_sequences: z.array(z.string().min(1).max(1_000)).max(8_191).nullish(),
});

type CountRequest = z.output<typeof countBody>;
export type MessagesRequest = z.output<typeof messagesBody>;
export type ContentBlock = z.output<typeof contentBlock>;
export type ToolResultBlock = z.output<typeof toolResultBlock>;

/** 400 as the Messages API of a workspace answers it: which field, and what is wrong with it. */
export const badRequest = (message: string): ApiError =>
  new ApiError({ status: 400, errorCode: 'BAD_REQUEST', message: `Bad request: ${message}` });

/** @throws 400 BAD_REQUEST. */
export function readMessagesRequest(json: unknown): MessagesRequest {
  const request = read(messagesBody, json);
  checkTurns(request);
  const { thinking, max_tokens } = request;
  if (thinking?.type === 'enabled') {
    if (thinking.budget_tokens === undefined) throw badRequest('thinking.enabled.budget_tokens: Field required');
    if (thinking.budget_tokens >= max_tokens)
      throw badRequest('`max_tokens` must be greater than `thinking.budget_tokens`.');
  }
  return request;
}

/** @throws 400 BAD_REQUEST. */
export function readCountRequest(json: unknown): CountRequest {
  const request = read(countBody, json);
  checkTurns(request);
  return request;
}

/** What the model has to read. */
export const inputTokensOfRequest = ({ system, messages, tools }: CountRequest): number =>
  inputTokensOf([system ?? null, messages, tools ?? null]);

/** The blocks of a message; a text alone is one block. */
export const blocksOf = (content: string | readonly ContentBlock[]): readonly ContentBlock[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

function read<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues[0]);
  if (issue?.code === 'unrecognized_keys')
    throw badRequest(`${[...issue.path, issue.keys[0]].join('.')}: Extra inputs are not permitted`);
  const path = issue?.path ?? [];
  throw badRequest(
    `${path.join('.') || 'body'}: ` +
      (valueAt(json, path) === undefined ? 'Field required' : (issue?.message ?? 'not accepted')),
  );
}

const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' ? (value as Readonly<Record<PropertyKey, unknown>>)[key] : undefined,
    json,
  );

/** Of a union that nothing fits, the trouble inside of the form that came closest. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.map((errors) => errors[0]).filter((error) => error !== undefined);
  const closest = inner.sort((a, b) => b.path.length - a.path.length)[0];
  return closest && closest.path.length > 0 ? deepest({ ...closest, path: [...issue.path, ...closest.path] }) : issue;
}

function checkTurns({ messages, tools, tool_choice }: CountRequest): void {
  const [first] = messages;
  if (first?.role === 'system')
    throw badRequest(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, ' +
        'not "system" as an input message role.',
    );
  if (first?.role !== 'user') throw badRequest('messages: first message must use the "user" role');
  if (tool_choice?.type === 'tool' && !(tools ?? []).some((one) => one.name === tool_choice.name))
    throw badRequest(`tool_choice.name: Tool '${tool_choice.name ?? ''}' not found in provided tools`);
  let open: ReadonlySet<string> = new Set();
  for (const [index, { role, content }] of messages.entries()) {
    const blocks = blocksOf(content);
    const isLast = index === messages.length - 1;
    if ((blocks.length === 0 || content === '') && !(isLast && role === 'assistant'))
      throw badRequest(
        `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
      );
    if (role === 'system') continue;
    const results = new Set(
      blocks.filter((one) => one.type === 'tool_result').map((one) => String(one['tool_use_id'])),
    );
    const unanswered = [...open].filter((id) => !results.has(id));
    if (unanswered.length > 0)
      throw badRequest(
        `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately ` +
          `after: ${unanswered.join(', ')}. Each \`tool_use\` block must have a corresponding ` +
          '`tool_result` block in the next message.',
      );
    const unasked = [...results].find((id) => !open.has(id));
    if (unasked !== undefined)
      throw badRequest(
        `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unasked}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous ' +
          'message.',
      );
    open = new Set(
      role === 'assistant' ? blocks.filter((one) => one.type === 'tool_use').map((one) => String(one['id'])) : [],
    );
  }
}

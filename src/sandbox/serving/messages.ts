import { z } from 'zod';
import { ApiError, notFound, permissionDenied, tooManyRequests } from '../http/errors.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { ServingEndpoint } from './serving-endpoints.ts';
import type { Workspace } from '../workspace.ts';

const MINUTE = 60_000;
const ANSWER = 'Hello from the sandbox: no model was asked.';
const ANSWER_TOKENS = 10;

const messagesBody = z.object({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]) })).min(1),
});

/** The Messages endpoint that Claude Code talks to. It answers in JSON; streaming comes with the routes that need it. */
export function messageRoutes(workspace: Workspace): Route[] {
  const { serving, permissions } = workspace;
  return [
    {
      method: 'HEAD',
      path: '/serving-endpoints/anthropic',
      handle() {
        throw notFound('There is nothing to see here.', 'ENDPOINT_NOT_FOUND');
      },
    },
    {
      method: 'POST',
      path: '/serving-endpoints/anthropic/v1/messages',
      handle(call) {
        const result = messagesBody.safeParse(call.json);
        if (!result.success) {
          const issue = result.error.issues[0];
          throw new ApiError({ status: 400, errorCode: 'BAD_REQUEST', message: `Bad request: ${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not accepted'}` });
        }
        const { model, max_tokens } = result.data;
        const endpoint = serving.byName(model);
        if (!endpoint) {
          throw notFound('The given endpoint does not exist, please retry after checking the specified model and version deployment exists.');
        }
        if (!permissions.allows(call.caller, 'serving-endpoints', endpoint.id, 'CAN_QUERY')) {
          throw permissionDenied(`User does not have permission 'Query' on serving endpoint '${endpoint.name}'.`);
        }
        const outputTokens = Math.min(max_tokens, ANSWER_TOKENS);
        spend(endpoint, serving.outputTokensPerMinute, max_tokens, outputTokens, call.at);
        return ok({
          id: `msg_${workspace.chance.letters(24)}`,
          type: 'message',
          role: 'assistant',
          model,
          content: [{ type: 'text', text: ANSWER.slice(0, max_tokens * 4) }],
          stop_reason: outputTokens < ANSWER_TOKENS ? 'max_tokens' : 'end_turn',
          stop_sequence: null,
          usage: { input_tokens: Math.max(1, Math.ceil(call.bytes.length / 4)), output_tokens: outputTokens },
        });
      },
    },
  ];
}

/** All of max_tokens must fit into the minute's limit before the request is admitted; what it did not use is credited back at once (facts/databricks.md section 9). */
function spend(endpoint: ServingEndpoint, limit: number, reserved: number, used: number, at: number): void {
  const { spent } = endpoint;
  while (spent[0] && spent[0].at <= at - MINUTE) spent.shift();
  const total = spent.reduce((sum, one) => sum + one.tokens, 0);
  if (total + reserved > limit) {
    const wait = spent[0] ? Math.ceil((spent[0].at + MINUTE - at) / 1_000) : 60;
    throw tooManyRequests(`REQUEST_LIMIT_EXCEEDED: Exceeded workspace output tokens per minute rate limit for ${endpoint.name}: ${limit} tokens a minute, max_tokens is reserved in advance.`, Math.max(1, wait));
  }
  spent.push({ at, tokens: used });
}

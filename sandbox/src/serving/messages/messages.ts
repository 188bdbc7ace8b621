import { admit, queryable } from '../admission.ts';
import { betasOf } from './beta-headers.ts';
import { EVENT_STREAM } from './event-stream.ts';
import { CONTEXT_WINDOW, LONG_CONTEXT_WINDOW } from '../foundation-models.ts';
import { generate } from './generation.ts';
import { madeUpAnswer } from './made-up-answer.ts';
import { THOUGHT_TOKENS, messageJson, messageOf } from './message-blocks.ts';
import { promptOfMessages } from './messages-prompt.ts';
import { badRequest, inputTokensOfRequest, readCountRequest, readMessagesRequest } from './messages-request.ts';
import { messageStream } from './message-stream.ts';
import { refuse } from './strictness.ts';
import { notFound } from '../../http/errors.ts';
import { ok } from '../../http/router.ts';
import type { Call, Reply, Route } from '../../http/router.ts';
import type { ServingEndpoint } from '../serving-endpoint.ts';
import type { Workspace } from '../../workspace.ts';

/** Two addresses of the same thing; the second is the newer one (docs/facts/databricks-workspace.md section 9). */
const ROOTS = ['/serving-endpoints/anthropic', '/ai-gateway/anthropic'] as const;

/**
 * The Anthropic Messages API, which Claude Code talks to. Answers are made up (made-up-answer.ts). Nothing of it is
 * kept over a restart: limits forget within the hour, and what people ask is not to be written to disk.
 */
export function messageRoutes(workspace: Workspace): Route[] {
  return ROOTS.flatMap((root): Route[] => [
    {
      method: 'HEAD',
      path: root,
      does: 'Answers 404: Claude Code only looks whether somebody listens',
      source: 'docs/facts/ssh-and-claude.md section 3',
      handle() {
        throw notFound('There is nothing to see here.', 'ENDPOINT_NOT_FOUND');
      },
    },
    {
      method: 'POST',
      path: `${root}/v1/messages`,
      does: 'Answers a message of the Anthropic Messages API, in JSON or as a stream; no model is asked',
      source: 'docs/facts/databricks-workspace.md section 9; docs/facts/ssh-and-claude.md section 3',
      readsOnly: true,
      handle: (call) => answer(workspace, call),
    },
    {
      method: 'POST',
      path: `${root}/v1/messages/count_tokens`,
      does: 'Estimates the tokens of a message: a quarter of its characters',
      source: 'Anthropic Messages API, count_tokens',
      readsOnly: true,
      handle(call) {
        if (workspace.serving.refuses.includes('count-tokens'))
          throw notFound('Path must be of form /serving-endpoints/<endpoint_name>/invocations', 'ENDPOINT_NOT_FOUND');
        betasOf(call.headers);
        const request = readCountRequest(call.json);
        queryable(workspace, call, request.model);
        return ok({ input_tokens: inputTokensOfRequest(request) });
      },
    },
  ]);
}

function answer(workspace: Workspace, call: Call): Reply {
  const betas = betasOf(call.headers);
  const request = readMessagesRequest(call.json);
  const endpoint = queryable(workspace, call, request.model);
  refuse(workspace.serving.refuses, request, call.headers);
  const inputTokens = inputTokensOfRequest(request);
  mustFit(endpoint, inputTokens, request.max_tokens, betas);
  const admission = admit(workspace, call, endpoint, inputTokens, request.max_tokens);
  const thinks = request.thinking?.type === 'enabled';
  const generation = generate(
    madeUpAnswer(promptOfMessages(request)),
    request.max_tokens - (thinks ? THOUGHT_TOKENS : 0),
    request.stop_sequences ?? [],
  );
  const message = messageOf(request.model, generation, inputTokens, thinks);
  if (request.stream === true) {
    return {
      headers: EVENT_STREAM,
      chunks: messageStream(message, workspace.serving.tokensPerSecond, (outputTokens) => admission.end(outputTokens)),
    };
  }
  admission.end(message.outputTokens);
  return ok(messageJson(message));
}

function mustFit(
  { name, model: { maxOutputTokens } }: ServingEndpoint,
  inputTokens: number,
  maxTokens: number,
  betas: readonly string[],
): void {
  if (maxTokens > maxOutputTokens)
    throw badRequest(
      `max_tokens: ${maxTokens} > ${maxOutputTokens}, which is the maximum allowed number of output tokens for ${name}`,
    );
  const window = betas.some((beta) => beta.startsWith('context-1m-')) ? LONG_CONTEXT_WINDOW : CONTEXT_WINDOW;
  if (inputTokens > window) throw badRequest(`prompt is too long: ${inputTokens} tokens > ${window} maximum`);
}

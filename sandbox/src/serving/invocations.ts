import { admit, queryable } from './admission.ts';
import { chatAnswerOf, chatJson, chatStream } from './messages/chat-answer.ts';
import { inputTokensOfChat, maxTokensOf, promptOfChat, readChatRequest, stopsOf } from './messages/chat-request.ts';
import { EVENT_STREAM } from './messages/event-stream.ts';
import { generate } from './messages/generation.ts';
import { madeUpAnswer } from './messages/made-up-answer.ts';
import { predictionsFor } from './messages/predictions.ts';
import type { ServingEndpoint } from './serving-endpoint.ts';
import { inputTokensOf } from './token-estimate.ts';
import { ApiError, invalidParameter } from '../http/errors.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const CHAT = 'llm/v1/chat';

/** Asking an endpoint in the form of OpenAI's chat completions. Not journaled, for the reasons of messages.ts. */
export function invocationRoutes(workspace: Workspace): Route[] {
  return [
    {
      method: 'POST',
      path: '/serving-endpoints/:name/invocations',
      does: 'Asks a serving endpoint: a chat in JSON or as a stream, or rows for predictions; no model is asked',
      source: 'facts/databricks.md section 9',
      journaled: false,
      handle(call) {
        const endpoint = queryable(workspace, call, call.params['name'] ?? '');
        if (endpoint.task === CHAT) return chat(workspace, call, endpoint);
        if (endpoint.task !== undefined)
          throw new ApiError({
            status: 501,
            errorCode: 'NOT_IMPLEMENTED',
            message: `The sandbox answers chats and predictions; '${endpoint.name}' does ${endpoint.task}.`,
          });
        const predictions = predictionsFor(call.json);
        admit(workspace, call, endpoint, inputTokensOf(call.json), 0).end(0);
        return ok({ predictions });
      },
    },
    {
      method: 'POST',
      path: '/serving-endpoints/chat/completions',
      does: 'The same chat for clients of OpenAI, with the endpoint as `model`',
      source: 'OpenAI Chat Completions API',
      journaled: false,
      handle(call) {
        const { model } = readChatRequest(call.json);
        if (model === undefined) throw invalidParameter('Missing required field: model');
        return chat(workspace, call, queryable(workspace, call, model));
      },
    },
  ];
}

function chat(workspace: Workspace, call: Call, endpoint: ServingEndpoint): Reply {
  const request = readChatRequest(call.json);
  const maxTokens = maxTokensOf(request);
  if (maxTokens > endpoint.maxOutputTokens)
    throw invalidParameter(
      `max_tokens must be at most ${endpoint.maxOutputTokens} for ${endpoint.name}, got ${maxTokens}`,
    );
  const inputTokens = inputTokensOfChat(request);
  const admission = admit(workspace, call, endpoint, inputTokens, maxTokens);
  const generation = generate(madeUpAnswer(promptOfChat(request)), maxTokens, stopsOf(request));
  const answer = chatAnswerOf(workspace.chance, endpoint.name, generation, inputTokens, call.at);
  if (request.stream === true) {
    return {
      headers: EVENT_STREAM,
      chunks: chatStream(
        answer,
        request.stream_options?.include_usage === true,
        workspace.serving.tokensPerSecond,
        (outputTokens) => admission.end(outputTokens),
      ),
    };
  }
  admission.end(answer.outputTokens);
  return ok(chatJson(answer));
}

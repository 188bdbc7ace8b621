import { z } from 'zod';
import { readRetryAfter } from '../transport/error-answers.ts';
import { maybe } from './fields.ts';
import { path } from './path.ts';
import type { Answer, Call, CallOptions, Transport } from '../transport/transport.ts';

const servingEndpoint = z.looseObject({
  name: z.string().min(1),
  /** What permissions are keyed by; endpoints of the platform itself may have none. */
  id: maybe(z.string()),
  state: maybe(z.looseObject({ ready: maybe(z.string()), config_update: maybe(z.string()) })),
  task: maybe(z.string()),
});
export type ServingEndpoint = z.output<typeof servingEndpoint>;

export interface Messages {
  readonly maxTokens: number;
  readonly prompt: string;
}

export interface MessagesAnswer {
  readonly status: number;
  /** The beginning of the answer, without secrets. */
  readonly body: string;
  readonly retryAfterMs?: number;
  /** Milliseconds from sending to the last byte. */
  readonly ms: number;
}

export interface StreamedAnswer extends MessagesAnswer {
  /** Whether a 200 came to its end: a stream may break off, or end with an error, after it was let in. */
  readonly whole: boolean;
}

export interface ServingEndpoints {
  get(name: string, options?: CallOptions): Promise<ServingEndpoint>;
  /**
   * Asks a model the way Claude Code does. Every HTTP status is an answer, none is thrown: 200 and 400 mean
   * alive, 403, 404 and 429 each something else (docs/facts/databricks-workspace.md section 9). Only silence throws.
   */
  messages(model: string, message: Messages, options?: CallOptions): Promise<MessagesAnswer>;
  /** The same with a whole body, as a stream, at the caller's own pace: for load tests. */
  stream(body: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<StreamedAnswer>;
}

const SNIPPET = 500;
/** A long answer is written for a minute or more. */
const STREAM_EXTRA_MS = 90_000;

/** Model serving (docs/facts/databricks-workspace.md section 9). */
export function servingEndpoints(transport: Transport): ServingEndpoints {
  const ask = (body: unknown, options: Partial<Call> | undefined): Promise<Answer> =>
    transport.exchange({
      method: 'POST',
      path: '/serving-endpoints/anthropic/v1/messages',
      headers: { 'anthropic-version': '2023-06-01' },
      body,
      // Its 429 is about tokens a minute of this model; clusters need not wait for that.
      slowsOthers: false,
      ...options,
    });
  const answerOf = (answer: Answer): MessagesAnswer => {
    const retryAfterMs = readRetryAfter(answer.header('retry-after'));
    return {
      status: answer.status,
      body: transport.legible(answer).slice(0, SNIPPET),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ms: Math.round(answer.ms),
    };
  };
  return {
    get: (name, options) =>
      transport.read(servingEndpoint, { method: 'GET', path: path`/api/2.0/serving-endpoints/${name}`, ...options }),
    messages: async (model, { maxTokens, prompt }, options) =>
      answerOf(await ask({ model, max_tokens: maxTokens, messages: [{ role: 'user', content: prompt }] }, options)),
    async stream(body, options) {
      const answer = await ask({ ...body, stream: true }, { extraMs: STREAM_EXTRA_MS, ownPace: true, ...options });
      return { ...answerOf(answer), whole: answer.status === 200 && answer.bytes.includes('event: message_stop') };
    },
  };
}

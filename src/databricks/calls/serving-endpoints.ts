import { z } from 'zod';
import { readRetryAfter } from '../transport/error-answers.ts';
import { listOf, maybe } from './fields.ts';
import { isMessage, ownWords } from './own-words.ts';
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

const servingEndpointList = z.looseObject({ endpoints: listOf(servingEndpoint) });

export interface MessagesAnswer {
  readonly status: number;
  /** The beginning of the answer, without secrets. */
  readonly body: string;
  readonly retryAfterMs?: number;
  /** Milliseconds from sending to the last byte. */
  readonly ms: number;
}

export interface JudgedAnswer extends MessagesAnswer {
  /** Whether it is an answer of a model: 200, and no log-in page. */
  readonly answers: boolean;
  /** What the server says of it, without secrets; empty where it says nothing. */
  readonly said: string;
}

export interface StreamedAnswer extends MessagesAnswer {
  /** Whether a 200 came to its end: a stream may break off, or end with an error, after it was let in. */
  readonly whole: boolean;
}

/** A whole request, at one of the two addresses of the Messages API, with headers besides those of every request. */
export interface Addressed {
  readonly gateway: 'serving-endpoints' | 'ai-gateway';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ServingEndpoints {
  get(name: string, options?: CallOptions): Promise<ServingEndpoint>;
  /** Those that the caller may see, in one answer. */
  list(options?: CallOptions): Promise<ServingEndpoint[]>;
  /**
   * Asks a model the way Claude Code does, at either address; it is looked into what comes. Every HTTP status is an
   * answer, none is thrown: 403, 404 and 429 each mean something else (docs/facts/databricks-workspace.md section 9).
   * Only silence throws.
   */
  claude(request: Addressed, options?: CallOptions): Promise<JudgedAnswer>;
  /** The same as a stream, at the caller's own pace: for load tests. */
  stream(request: Addressed, options?: CallOptions): Promise<StreamedAnswer>;
}

const SNIPPET = 500;
/** A long answer is written for a minute or more. */
const STREAM_EXTRA_MS = 90_000;

/** Model serving (docs/facts/databricks-workspace.md section 9). */
export function servingEndpoints(transport: Transport): ServingEndpoints {
  const ask = ({ gateway, headers, body }: Addressed, options: Partial<Call> | undefined): Promise<Answer> =>
    transport.exchange({
      method: 'POST',
      path: `/${gateway}/anthropic/v1/messages`,
      headers: { 'anthropic-version': '2023-06-01', ...headers },
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
    list: async (options) =>
      (await transport.read(servingEndpointList, { method: 'GET', path: '/api/2.0/serving-endpoints', ...options }))
        .endpoints,
    async claude(request, options) {
      const answer = await ask(request, options);
      const text = transport.legible(answer);
      return { ...answerOf(answer), answers: answer.status === 200 && isMessage(text), said: ownWords(text) };
    },
    async stream(request, options) {
      const body = { ...request.body, stream: true };
      const answer = await ask({ ...request, body }, { extraMs: STREAM_EXTRA_MS, ownPace: true, ...options });
      return { ...answerOf(answer), whole: answer.status === 200 && answer.bytes.includes('event: message_stop') };
    },
  };
}

import { ApiClient, Config, type ConfigOptions } from '@databricks/sdk-experimental';
import { request, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { readJson, relyOn } from '../calls/json-answers.ts';
import type { Authentication, SignInHeaders } from '../sign-in/authentication.ts';
import { errorFromAnswer, refusesToken, type ReadHeader } from './error-answers.ts';
import type { DatabricksError } from './errors.ts';
import type { LaunchRate, LaunchTurn } from './launch-rate.ts';
import { unreachable, type Timeouts } from './network.ts';
import type { RequestRate } from './rate.ts';
import { redact } from './redaction.ts';

type StockRequest = Parameters<ApiClient['request']>;

/** What any call may be given last. */
export interface CallOptions {
  /** Gives the call up; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface Call extends CallOptions {
  readonly method: StockRequest[0]['method'];
  /** Encoded already, see path.ts. */
  readonly path: string;
  readonly query?: NonNullable<StockRequest[0]['query']>;
  /** Bytes go as they are, everything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds more than usual for a large body. */
  readonly extraMs?: number;
  /** False for calls whose 429 is about their own quota and not the workspace's API. */
  readonly slowsOthers?: boolean;
  /**
   * True for calls that launch nodes: a 429 of theirs limits launches (docs/facts/databricks-workspace.md section 13),
   * and whoever only looks must not wait for it.
   */
  readonly launches?: boolean;
  /** True for a caller that keeps a pace of its own, and would measure ours. */
  readonly ownPace?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly header: ReadHeader;
  readonly bytes: Buffer;
  /** Milliseconds from sending to the last byte, waiting for one's turn left out. */
  readonly ms: number;
}

export interface TransportParts {
  readonly host: string;
  readonly connections: Dispatcher;
  readonly timeouts: Timeouts;
  readonly authentication: Authentication;
  readonly rate: RequestRate;
  /** The line that launches stand in beside that: refused, they wait among themselves. */
  readonly launchRate: LaunchRate;
  readonly product: { readonly name: string; readonly version: `${number}.${number}.${number}` };
}

/**
 * The one way to the workspace. Of the SDK's own client it takes how a caller names itself and how a query is written,
 * and nothing of its transport (docs/facts/sdk.md section 1 has the reasons). Repeats nothing by itself, except once
 * after the token was refused with a new one.
 */
export class Transport {
  readonly #parts: TransportParts;
  readonly #sdk: ApiClient;

  constructor(parts: TransportParts) {
    this.#parts = parts;
    // It needs some Config; nothing of ours reads it, so it gets no credentials.
    const inert: ConfigOptions = { host: parts.host, env: {}, loaders: [] };
    this.#sdk = new ApiClient(new Config(inert), {
      product: parts.product.name,
      productVersion: parts.product.version,
    });
  }

  /** The answer to a call, whatever its status. @throws {UnreachableError} when there is none. */
  async exchange(call: Call): Promise<Answer> {
    const { authentication } = this.#parts;
    const name = nameOf(call);
    const proof = await authentication.prove(name, call.signal);
    const answer = await this.#sendInTurn(call, proof, call.ownPace !== true);
    if (!refusesToken(answer.status, answer.bytes)) return answer;
    const renewed = await authentication.renew(name, proof, call.signal);
    return renewed === undefined ? answer : this.#sendInTurn(call, renewed, true);
  }

  /** Like {@link exchange}. @throws {DatabricksError} for every status but 2xx; a redirect is never followed. */
  async succeed(call: Call): Promise<Answer> {
    const answer = await this.exchange(call);
    if (answer.status >= 200 && answer.status <= 299) return answer;
    throw this.errorFrom(call, answer);
  }

  /** The JSON of a successful answer, held against a schema. */
  async read<T extends z.ZodType>(schema: T, call: Call): Promise<z.output<T>> {
    const answer = await this.succeed(call);
    const name = nameOf(call);
    return relyOn(schema, readJson(name, answer.status, answer.bytes.toString('utf8')), name, answer.status);
  }

  errorFrom(call: Call, answer: Answer): DatabricksError {
    return errorFromAnswer(
      nameOf(call),
      answer.status,
      answer.header,
      answer.bytes.toString('utf8'),
      this.#parts.authentication.secrets(),
    );
  }

  /** An answer's text without secrets, for people. */
  legible(answer: Answer): string {
    return redact(answer.bytes.toString('utf8'), this.#parts.authentication.secrets());
  }

  /** A launch waits in its own line last: a token that it has there is for the moment that it is sent. */
  async #sendInTurn(call: Call, proof: SignInHeaders, takesTurn: boolean): Promise<Answer> {
    const { rate, launchRate } = this.#parts;
    if (takesTurn) await rate.take(nameOf(call), call.signal);
    const turn = call.launches === true ? await launchRate.take(nameOf(call), call.signal) : undefined;
    try {
      const answer = await this.#send(call, proof);
      this.#noteLimit(call, answer, turn);
      return answer;
    } finally {
      turn?.over('unknown');
    }
  }

  #noteLimit(call: Call, answer: Answer, turn: LaunchTurn | undefined): void {
    if (answer.status >= 200 && answer.status <= 299) turn?.over('accepted');
    if (answer.status !== 429 || call.slowsOthers === false) return;
    const { retryAfterMs } = this.errorFrom(call, answer);
    if (turn) turn.over('refused', retryAfterMs);
    else this.#parts.rate.slowDown(retryAfterMs);
  }

  async #send(call: Call, proof: SignInHeaders): Promise<Answer> {
    const { host, connections, timeouts } = this.#parts;
    const url = new URL(host + call.path);
    url.search = this.#sdk.searchParams(call.query ?? {});
    const extraMs = call.extraMs ?? 0;
    if (url.pathname !== call.path || url.origin !== host) {
      throw new RangeError(`"${call.path}" is not a path as it stands: its parts are to be encoded (path.ts)`);
    }
    const stop = deadline(timeouts.connectMs + timeouts.headersMs + timeouts.bodyMs + extraMs, call.signal);
    const began = performance.now();
    try {
      const answer = await request(url, {
        dispatcher: connections,
        method: call.method,
        headers: { ...this.#headers(call), ...Object.fromEntries(proof.headers) },
        body: bodyOf(call),
        headersTimeout: timeouts.headersMs + extraMs,
        signal: stop.signal,
      });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return {
        status: answer.statusCode,
        header: (name) => [answer.headers[name]].flat()[0],
        bytes,
        ms: performance.now() - began,
      };
    } catch (error) {
      call.signal?.throwIfAborted();
      throw unreachable(nameOf(call), stop.signal.aborted ? stop.signal.reason : error);
    } finally {
      stop.clear();
    }
  }

  #headers(call: Call): Record<string, string> {
    const kind = this.#parts.authentication.kind;
    const type = call.body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
    return {
      accept: 'application/json',
      'user-agent': this.#sdk.userAgent().replace(/\bauth\/\S+/, `auth/${kind}`),
      ...(call.body === undefined ? {} : { 'content-type': type }),
      ...call.headers,
    };
  }
}

/** `POST /api/2.1/clusters/create`: how errors name a call. */
export function nameOf({ method, path }: Pick<Call, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

function bodyOf({ body, method }: Call): string | Uint8Array | null {
  if (body === undefined || body === null || method === 'GET' || method === 'HEAD') return null;
  return body instanceof Uint8Array ? body : JSON.stringify(body);
}

/**
 * One signal for the caller's giving up and for the whole call's end, which a server that drips bytes would never
 * reach.
 */
function deadline(ms: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  const timer = setTimeout(
    () =>
      controller.abort(
        Object.assign(new Error(`the whole call took longer than ${ms / 1_000} s`), { code: 'CALL_TIMEOUT' }),
      ),
    ms,
  );
  const stop = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}

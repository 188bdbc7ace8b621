import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import type { Outcome } from '../../domain/replayed/outbox/outbox.ts';
import { wordsOf } from './channel.ts';

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

/** What a server answered. */
export interface Answered {
  readonly status: number;
  /** Its own words, cut. */
  readonly words: string;
  readonly json: unknown;
  readonly retryAfterMs?: number;
}

/** Through the worker's own proxy, as everything that leaves it. */
export function connectionsOf(env: NodeJS.ProcessEnv): Dispatcher {
  const proxy = (name: string) => env[name] ?? env[name.toLowerCase()] ?? '';
  return new EnvHttpProxyAgent({
    // Plain http is for this computer, where no proxy is needed.
    httpProxy: '',
    httpsProxy: proxy('HTTPS_PROXY'),
    noProxy: proxy('NO_PROXY'),
    connect: { timeout: CONNECT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
  });
}

/** Errors before anything was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * One POST. Its address may be a secret: it is in no error and no outcome.
 * @returns an outcome where there was no answer
 */
export async function post(
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  connections: Dispatcher,
): Promise<Answered | Outcome> {
  try {
    const {
      statusCode,
      headers: answered,
      body: stream,
    } = await request(address, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      dispatcher: connections,
    });
    const text = await stream.text();
    const retryAfterMs = pauseOf(String(answered['retry-after'] ?? ''));
    return {
      status: statusCode,
      words: wordsOf(text),
      json: readJson(text),
      ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
    };
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'no answer';
    const isCertificate = /CERT|SELF_SIGNED|VERIFY_LEAF|ALTNAME/.test(code);
    return NOT_SENT.has(code) || isCertificate
      ? { is: 'later', words: `The server was not reached: ${code}.` }
      : { is: 'in doubt', words: `No answer came after the message was handed over: ${code}.` };
  }
}

/** Retry-After is seconds or a date (RFC 9110); 0 where it says nothing that can be waited for. */
function pauseOf(retryAfter: string): number {
  const seconds = Number(retryAfter);
  const ms = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1_000;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** What a status means for a message: 429 and 503 were not taken, other 5xx tell nothing certain, 4xx is final. */
export function outcomeOf({ status, words, retryAfterMs }: Answered, receipt: string): Outcome {
  const said = `HTTP ${status}${words === '' ? '' : `: ${words}`}`;
  if (status >= 200 && status <= 299) return { is: 'accepted', receipt };
  if (status === 429 || status === 503)
    return { is: 'later', words: said, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) };
  return status >= 500 ? { is: 'in doubt', words: said } : { is: 'refused', words: said };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

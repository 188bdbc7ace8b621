import { DatabricksError } from './errors.ts';
import { redact } from './redaction.ts';

/** Reads one answer header by its lower-case name. */
export type ReadHeader = (name: string) => string | undefined;

const LONGEST_DETAIL = 600;

interface Parsed {
  code?: string | undefined;
  detail?: string | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
}

const LONGEST_REFUSAL_OF_A_TOKEN = 4_096;

/**
 * Whether an answer means that the token is not, or no longer, good: 401, and "Invalid Token" with 403 or 400, as a
 * workspace says it of one that has expired (docs/facts/claude-on-databricks.md section 4).
 */
export function refusesToken(status: number, body: Buffer): boolean {
  if (status !== 400 && status !== 403) return status === 401;
  return body.length <= LONGEST_REFUSAL_OF_A_TOKEN && /\binvalid (?:access )?token\b/i.test(body.toString('utf8'));
}

/**
 * Makes one error out of any of the bodies Databricks sends (docs/facts/databricks-workspace.md section 11): standard
 * with or without details[], SCIM, API 1.2, OAuth, `CODE: text`, HTML and nothing at all. A token that is refused is
 * 401 whatever the status, so that nobody takes it for a missing right.
 */
export function errorFromAnswer(
  call: string,
  status: number,
  header: ReadHeader,
  body: string,
  secrets: Iterable<string> = [],
): DatabricksError {
  const parsed = status >= 300 && status < 400 ? redirect(header) : parseBody(status, body);
  const text = redact(parsed.detail ?? '', secrets)
    .trim()
    .slice(0, LONGEST_DETAIL);
  const isAboutToken = status !== 401 && refusesToken(status, Buffer.from(body));
  const meant = isAboutToken ? 401 : status;
  return new DatabricksError({
    call,
    status: meant,
    errorCode: isAboutToken ? 'UNAUTHENTICATED' : (parsed.code ?? `HTTP_${status}`),
    detail: isAboutToken
      ? `${text} (it came as HTTP ${status})`
      : text === ''
        ? 'the answer carried no explanation'
        : text,
    next: NEXT[meant],
    requestId: header('x-request-id') ?? header('x-databricks-request-id') ?? parsed.requestId,
    retryAfterMs: readRetryAfter(header('retry-after')) ?? parsed.retryAfterMs,
  });
}

/** Milliseconds from a Retry-After header, which is whole seconds or a date; never negative. */
export function readRetryAfter(value: string | undefined, now: number = Date.now()): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : undefined;
}

const NEXT: Record<number, string | undefined> = {
  401: 'The workspace does not accept these credentials: renew the token, or check that they belong to this workspace.',
};

function redirect(header: ReadHeader): Parsed {
  const location = header('location') ?? '';
  if (location.includes('private-link-validation-error')) {
    return {
      code: 'PRIVATE_LINK_REQUIRED',
      detail: 'the workspace can only be reached over its private link: run this from inside that network',
    };
  }
  const target = URL.canParse(location)
    ? new URL(location).origin + new URL(location).pathname
    : location.split(/[?#]/)[0];
  return {
    code: 'REDIRECTED',
    detail:
      `the answer points to ${target || 'another address'} and is not followed, because credentials would go along: ` +
      'check the workspace address, and whether a login page or proxy answers in its place',
  };
}

function parseBody(status: number, body: string): Parsed {
  const text = body.trim();
  if (text === '') return {};
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return parseText(text);
  }
  if (typeof json === 'string') return parseText(json);
  return isRecord(json) ? parseObject(status, json) : { detail: text };
}

function parseText(text: string): Parsed {
  if (text.startsWith('<')) {
    const readable =
      /<pre[^>]*>(.*?)<\/pre>/is.exec(text)?.[1] ?? /<title[^>]*>(.*?)<\/title>/is.exec(text)?.[1] ?? text;
    return { detail: readable.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') };
  }
  const coded = /^([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): (.*)$/s.exec(text);
  return coded ? { code: coded[1], detail: coded[2] } : { detail: text };
}

function parseObject(status: number, json: Record<string, unknown>): Parsed {
  const details = Array.isArray(json['details']) ? json['details'].filter(isRecord) : [];
  const shared: Parsed = {
    requestId: first(details, (d) => word(d['request_id']) ?? word(d['requestId'])),
    retryAfterMs: first(details, (d) => readDelay(d['retry_delay'] ?? d['retryDelay'])),
  };
  if (Array.isArray(json['schemas'])) {
    return {
      ...shared,
      code: `SCIM_${word(json['scimType']) ?? word(json['status']) ?? status}`,
      detail: word(json['detail']) ?? word(json['message']),
    };
  }
  const nested = isRecord(json['error']) ? json['error'] : {};
  const error = word(json['error']);
  const looksLikeCode = error !== undefined && /^[A-Za-z][\w.-]*$/.test(error);
  return {
    ...shared,
    code:
      code(json['error_code']) ??
      code(json['errorCode']) ??
      code(nested['code']) ??
      code(nested['type']) ??
      (looksLikeCode ? error : undefined),
    detail:
      word(json['message']) ??
      word(json['detail']) ??
      word(json['error_description']) ??
      word(nested['message']) ??
      error,
  };
}

/** google.rpc.RetryInfo carries its delay as `"42s"`. */
function readDelay(value: unknown): number | undefined {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(value) : null;
  return match ? Math.round(Number(match[1]) * 1_000) : undefined;
}

function first<T>(
  items: Record<string, unknown>[],
  pick: (item: Record<string, unknown>) => T | undefined,
): T | undefined {
  for (const item of items) {
    const found = pick(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Databricks writes the text `null` where it has nothing to say. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : undefined;
}

/** A numeric error_code only repeats the status, so it is no code. */
function code(value: unknown): string | undefined {
  const text = word(value);
  return text === undefined || /^\d+$/.test(text) ? undefined : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

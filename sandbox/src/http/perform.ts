import type { IncomingHttpHeaders } from 'node:http';
import { invalidParameter } from './errors.ts';
import type { Principal } from '../identity/principals.ts';
import { parseJson } from './request-bytes.ts';
import type { OpenCall, Reply, Route } from './router.ts';
import type { Schedule } from '../time/schedule.ts';

/** A request that found its route, and whose caller is known unless the route is open to everybody. */
export interface Asked {
  readonly method: string;
  /** As it came over the wire, still percent-encoded, without the query. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  /** Path and query as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Principal | undefined;
}

/** Stands around every request: may wait, answer in its place, look at the answer, or throw {@link ConnectionLost}. */
export type Around = (asked: Asked, next: () => Promise<Reply>) => Promise<Reply>;

/** Thrown to end the connection without an answer. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly how: 'reset' | 'closed';

  /** @param how what the client's own system sees: ECONNRESET, or an end in the middle. */
  constructor(how: 'reset' | 'closed') {
    super(`connection ${how}`);
    this.how = how;
  }
}

/** Carries a request out at this moment of the sandbox's own time. */
export function perform(
  { schedule }: { readonly schedule: Schedule },
  asked: Asked,
  at: number,
): Reply | Promise<Reply> {
  const { route, caller } = asked;
  const call: OpenCall = {
    params: decodedParams(asked.params, route),
    query: cleanQuery(asked.query),
    url: asked.url,
    headers: asked.headers,
    bytes: asked.bytes,
    json: (route.body ?? 'json') === 'json' ? parseJson(asked.bytes) : undefined,
    at,
  };
  if (route.access === 'open') return route.handle(call);
  if (!caller) throw new Error(`${route.method} ${route.path} needs a caller`);
  schedule.advance(at);
  return route.handle({ ...call, caller });
}

/** Percent-decoding happens once, and only a rest parameter may come to hold slashes by it. */
function decodedParams(params: Readonly<Record<string, string>>, route: Route): Record<string, string> {
  const rest = /\*(\w+)$/.exec(route.path)?.[1];
  return Object.fromEntries(
    Object.entries(params).map(([name, raw]) => {
      let decoded: string;
      try {
        decoded = decodeURIComponent(raw);
      } catch {
        throw invalidParameter('The path of the request is not correctly percent-encoded.');
      }
      if (decoded.includes('\0') || (name !== rest && (decoded.includes('/') || decoded === '.' || decoded === '..'))) {
        throw invalidParameter(`Invalid value for '${name}' in the path of the request.`);
      }
      return [name, decoded];
    }),
  );
}

function cleanQuery(query: URLSearchParams): URLSearchParams {
  for (const [name, value] of query) {
    if (name.includes('\0') || value.includes('\0'))
      throw invalidParameter('The query of the request must not contain NUL.');
  }
  return query;
}

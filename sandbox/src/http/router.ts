import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '../identity/principals.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request as a handler sees it: path parameters and query are decoded and free of NUL. */
export interface OpenCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Path and query as they came over the wire. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The raw body; empty when there was none. */
  readonly bytes: Buffer;
  /** The body as JSON, undefined when there was none. */
  readonly json: unknown;
  /** When the request was received, in the sandbox's own time. */
  readonly at: number;
}

/** A request of somebody who proved who they are. */
export interface Call extends OpenCall {
  readonly caller: Principal;
}

export interface Reply {
  readonly status?: number;
  readonly json?: unknown;
  readonly bytes?: Buffer;
  /** A body sent piece by piece, of a length not known beforehand; it needs a content-type among the headers. */
  readonly chunks?: AsyncIterable<string | Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type BodyKind = 'json' | 'bytes' | 'form';

interface RouteShape {
  /** What it does, in one line for people: `workshop sandbox --routes` prints it. */
  readonly does: string;
  /** Where its behaviour was found out, such as `docs/facts/databricks.md section 3`. */
  readonly source: string;
  readonly method: Method;
  /** Segments; `:name` takes one, a last `*name` takes the rest, slashes included. */
  readonly path: string;
  /**
   * How the body is read: as JSON unless said otherwise; `bytes` and `form`, which is small, are left to the handler.
   */
  readonly body?: BodyKind;
  /**
   * Whose error body it answers with, where that is not the standard one
   * (docs/facts/databricks-workspace.md section 11).
   */
  readonly errors?: 'scim';
  /** Asked with another method than GET and HEAD, and yet changes nothing that outlives a restart. */
  readonly readsOnly?: true;
}

export interface OpenRoute extends RouteShape {
  /** Needs no token. */
  readonly access: 'open';
  handle(call: OpenCall): Reply | Promise<Reply>;
}

export interface CallerRoute extends RouteShape {
  readonly access?: never;
  /** Answers without waiting wherever it can: until then the workspace stands still. */
  handle(call: Call): Reply | Promise<Reply>;
}

export type Route = OpenRoute | CallerRoute;

export type Match =
  | { readonly found: 'route'; readonly route: Route; readonly params: Record<string, string> }
  | { readonly found: 'other-method' }
  | { readonly found: 'nothing' };

interface Entry {
  readonly segments: readonly string[];
  readonly rest: string | undefined;
  readonly byMethod: Map<Method, Route>;
}

/**
 * Finds the route of a request. Paths are matched on their raw segments, so an encoded slash never changes which
 * route answers.
 */
export class Router {
  readonly #routes: readonly Route[];
  readonly #exact = new Map<string, Entry>();
  readonly #patterns: Entry[] = [];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
    for (const route of routes) this.#register(route);
  }

  /** Every route, in the order they were given. */
  routes(): readonly Route[] {
    return this.#routes;
  }

  #register(route: Route): void {
    const known =
      this.#exact.get(route.path) ??
      this.#patterns.find(
        (entry) => `/${[...entry.segments, ...(entry.rest ? [`*${entry.rest}`] : [])].join('/')}` === route.path,
      );
    if (known) {
      if (known.byMethod.has(route.method)) throw new Error(`Two handlers for ${route.method} ${route.path}`);
      known.byMethod.set(route.method, route);
      return;
    }
    const segments = route.path.slice(1).split('/');
    const last = segments.at(-1) ?? '';
    const rest = last.startsWith('*') ? last.slice(1) : undefined;
    const entry: Entry = {
      segments: rest === undefined ? segments : segments.slice(0, -1),
      rest,
      byMethod: new Map([[route.method, route]]),
    };
    if (rest === undefined && !route.path.includes('/:')) this.#exact.set(route.path, entry);
    else this.#patterns.push(entry);
  }

  /** @param rawPath the path as it came over the wire, still percent-encoded, without the query. */
  match(method: string, rawPath: string): Match {
    const exact = this.#exact.get(rawPath);
    if (exact) return this.#pick(exact, method, {});
    const segments = rawPath.slice(1).split('/');
    for (const entry of this.#patterns) {
      const params = fit(entry, segments);
      if (params) return this.#pick(entry, method, params);
    }
    return { found: 'nothing' };
  }

  #pick(entry: Entry, method: string, params: Record<string, string>): Match {
    const route = entry.byMethod.get(method as Method);
    return route ? { found: 'route', route, params } : { found: 'other-method' };
  }
}

function fit(entry: Entry, segments: readonly string[]): Record<string, string> | undefined {
  const longEnough =
    entry.rest === undefined ? segments.length === entry.segments.length : segments.length > entry.segments.length;
  if (!longEnough) return undefined;
  const params: Record<string, string> = {};
  for (const [index, wanted] of entry.segments.entries()) {
    const given = segments[index] ?? '';
    if (wanted.startsWith(':')) {
      if (given === '') return undefined;
      params[wanted.slice(1)] = given;
    } else if (wanted !== given) return undefined;
  }
  if (entry.rest !== undefined) params[entry.rest] = segments.slice(entry.segments.length).join('/');
  return params;
}

/** An answer of 200 with a JSON body. */
export const ok = (json: unknown): Reply => ({ json });

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ApiError, asApiError, invalidParameter, noSuchMethod, notImplemented, scimErrorBody, standardErrorBody, unauthenticated } from './errors.ts';
import type { Principal } from './principals.ts';
import { parseJson, readBytes } from './request-bytes.ts';
import type { Match, OpenCall, Reply, Route, Router } from './router.ts';
import type { Tally } from './tally.ts';
import type { Workspace } from './workspace.ts';

interface Parts {
  readonly workspace: Workspace;
  readonly router: Router;
  readonly tally: Tally;
  /** Answers what is no part of the workspace, or undefined. */
  control(request: IncomingMessage, rawPath: string, query: URLSearchParams): Reply | undefined;
}

/** The HTTP side: finds the route and the identity, reads the body, and renders answers and errors as Databricks does. */
export function createWorkspaceServer(parts: Parts): Server {
  const server = createServer((request, response) => {
    void answer(parts, request, response);
  });
  // Longer than any client keeps its sockets idle, so that a request is never sent into a socket just closed.
  server.keepAliveTimeout = 90_000;
  return server;
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const method = request.method ?? 'GET';
  const [rawPath, search] = splitOnce(request.url ?? '/', '?');
  try {
    const query = new URLSearchParams(search);
    const own = parts.control(request, rawPath, query);
    if (own) {
      send(response, own, {});
      return;
    }
    const match = parts.router.match(method, rawPath);
    const headers = { 'x-request-id': requestId, 'x-databricks-org-id': parts.workspace.id };
    const name = match.found === 'route' ? `${method} ${match.route.path}` : `${method} ${rawPath}`;
    let reply: Reply;
    try {
      reply = await handle(parts, request, match, query, method, rawPath);
    } catch (error) {
      reply = rendered(asApiError(error), match, requestId);
    }
    parts.tally.count(match.found === 'route' ? name : `${method} (no such route)`, request.headers['user-agent'], reply.status ?? 200);
    send(response, reply, headers);
  } catch {
    // The client went away, or sent what is no HTTP: there is nobody left to answer.
    response.destroy();
  }
}

async function handle({ workspace, tally }: Parts, request: IncomingMessage, match: Match, query: URLSearchParams, method: string, rawPath: string): Promise<Reply> {
  if (match.found === 'nothing') {
    tally.unknownRoute(`${method} ${rawPath}`);
    request.resume();
    throw notImplemented(method, rawPath.slice(0, 300));
  }
  const caller = match.found === 'route' && match.route.access === 'open' ? undefined : identify(workspace, request);
  if (match.found === 'other-method') {
    request.resume();
    throw noSuchMethod(method, rawPath.slice(0, 300));
  }
  const { route } = match;
  const bytes = await readBytes(request, route.body ?? 'json');
  const call: OpenCall = {
    params: decodedParams(match.params, route),
    query: cleanQuery(query),
    headers: request.headers,
    bytes,
    json: route.body === 'bytes' ? undefined : parseJson(bytes),
    // Handlers run without waiting, so the workspace stands still while one looks at it.
    at: workspace.advance(),
  };
  return route.access === 'open' ? route.handle(call) : route.handle({ ...call, caller: caller as Principal });
}

function identify(workspace: Workspace, request: IncomingMessage): Principal {
  const match = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '');
  if (!match) throw unauthenticated('Credential was not sent or was of an unsupported type for this API.');
  const principal = workspace.principals.byToken(match[1] ?? '', workspace.advance());
  if (!principal) throw unauthenticated('Invalid access token.');
  if (!principal.active) throw new ApiError({ status: 403, errorCode: 'PERMISSION_DENIED', message: `User ${principal.userName} is not active in this workspace.` });
  return principal;
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
    if (name.includes('\0') || value.includes('\0')) throw invalidParameter('The query of the request must not contain NUL.');
  }
  return query;
}

function rendered(error: ApiError, match: Match, requestId: string): Reply {
  const isScim = match.found === 'route' && match.route.errors === 'scim';
  return {
    status: error.status,
    json: isScim ? scimErrorBody(error) : standardErrorBody(error, requestId),
    headers: {
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
      // What was not read of a body cannot be skipped on a socket that is to be used again.
      ...(error.status === 413 ? { connection: 'close' } : {}),
    },
  };
}

function send(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): void {
  const bytes = reply.bytes ?? (reply.json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(reply.json)));
  const length = reply.status === 204 ? {} : { 'content-length': String(bytes.length) };
  const type = reply.json === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(reply.status ?? 200, { ...headers, ...type, ...length, ...reply.headers });
  response.end(bytes);
}

function splitOnce(whole: string, at: string): [string, string] {
  const index = whole.indexOf(at);
  return index < 0 ? [whole, ''] : [whole.slice(0, index), whole.slice(index + 1)];
}

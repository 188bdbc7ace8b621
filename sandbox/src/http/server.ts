import { randomUUID } from 'node:crypto';
import { STATUS_CODES, createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  ApiError,
  NOT_IMPLEMENTED,
  asApiError,
  malformedRequest,
  noSuchMethod,
  notImplemented,
  scimErrorBody,
  standardErrorBody,
} from './errors.ts';
import { ConnectionLost } from './perform.ts';
import type { Around, Asked } from './perform.ts';
import type { Principal } from '../identity/principals.ts';
import { readBytes } from './request-bytes.ts';
import type { Match, Reply, Router } from './router.ts';
import type { RequestCounts } from '../books/request-counts.ts';

interface Parts {
  /** Its id. */
  readonly workspace: { readonly id: string };
  readonly router: Router;
  readonly requestCounts: RequestCounts;
  /** Whose Authorization header this is, if it opens that path. @throws {ApiError} 401, 403. */
  callerOf(authorization: string | undefined, path: string): Principal;
  /** Carries a request out at this moment. */
  carryOut(asked: Asked): Reply | Promise<Reply>;
  /** What stands around every request, outermost first. */
  readonly around: readonly Around[];
  /** Answers what is no part of the workspace, or undefined. */
  control(request: IncomingMessage, rawPath: string, query: URLSearchParams): Promise<Reply> | undefined;
  /** Takes over a connection that is to become something else than HTTP. @throws {ApiError} */
  upgrade(caller: Principal, request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/**
 * The HTTP side: finds the route and the identity, reads the body, and renders answers and errors as Databricks does.
 */
export function createWorkspaceServer(parts: Parts): Server {
  const server = createServer(
    {
      // Some clients offer HTTP/2 with every request and are as content without; only the driver proxy hands
      // connections over.
      shouldUpgradeCallback: ({ url = '' }) => url.startsWith('/driver-proxy-api/'),
      // It is asked about where it matters: by the sandbox's own routes.
      requireHostHeader: false,
    },
    (request, response) => void answer(parts, request, response),
  );
  server.on(
    'checkExpectation',
    (request: IncomingMessage, response: ServerResponse) => void answer(parts, request, response),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    refuse(socket, unreadable(error.code));
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    refuse(socket, noSuchMethod('CONNECT', (request.url ?? '').slice(0, 300)));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      parts.upgrade(parts.callerOf(request.headers.authorization, request.url ?? '/'), request, socket, head);
      parts.requestCounts.count('GET (upgrade)', request.headers['user-agent'], 101);
    } catch (error) {
      const refusal = asApiError(error);
      parts.requestCounts.count('GET (upgrade)', request.headers['user-agent'], refusal.status);
      refuse(socket, refusal);
    }
  });
  // Longer than any client keeps its sockets idle, so that a request is never sent into a socket just closed.
  server.keepAliveTimeout = 90_000;
  return server;
}

/** On a connection that is no longer, or never was, one of requests and answers. */
function refuse(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(standardErrorBody(error, randomUUID()));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Refused'}`,
    'content-type: application/json',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/** @param code what Node calls that which was wrong about a request. */
function unreadable(code = ''): ApiError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ApiError({
        status: 431,
        errorCode: 'MALFORMED_REQUEST',
        message: 'The address and the headers of the request are longer than 16 KB, the most that is accepted here.',
      });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ApiError({
        status: 413,
        errorCode: 'REQUEST_TOO_LARGE',
        message: 'The chunks of the request body carry too much besides the body.',
      });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ApiError({
        status: 408,
        errorCode: 'DEADLINE_EXCEEDED',
        message: 'The request did not come to its end in time.',
      });
    default:
      return malformedRequest('The request could not be read as HTTP.');
  }
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const method = request.method ?? 'GET';
  const [rawPath, search] = splitOnce(request.url ?? '/', '?');
  try {
    const query = new URLSearchParams(search);
    const own = parts.control(request, rawPath, query);
    if (own) {
      await send(response, await own, {});
      return;
    }
    const match = parts.router.match(method, rawPath);
    const headers = { 'x-request-id': requestId, 'x-databricks-org-id': parts.workspace.id };
    const name = match.found === 'route' ? `${method} ${match.route.path}` : `${method} (no such route)`;
    let reply: Reply;
    try {
      reply = await handle(parts, request, match, query, method, rawPath);
    } catch (error) {
      if (error instanceof ConnectionLost) {
        parts.requestCounts.count(name, request.headers['user-agent'], 0);
        throw error;
      }
      const trouble = asApiError(error);
      if (trouble.errorCode === NOT_IMPLEMENTED) parts.requestCounts.unknownRoute(`${method} ${rawPath}`);
      reply = rendered(trouble, match, requestId);
    }
    parts.requestCounts.count(name, request.headers['user-agent'], reply.status ?? 200);
    await send(response, reply, headers);
  } catch (error) {
    // The client went away, sent what is no HTTP, or is to be left without an answer.
    // From a node it comes over a socket of this computer, which knows no reset.
    if (error instanceof ConnectionLost && error.how === 'reset' && request.socket.remoteAddress !== undefined)
      request.socket.resetAndDestroy();
    else request.socket.destroy();
  }
}

async function handle(
  parts: Parts,
  request: IncomingMessage,
  match: Match,
  query: URLSearchParams,
  method: string,
  rawPath: string,
): Promise<Reply> {
  const { around } = parts;
  if (match.found === 'nothing') {
    request.resume();
    throw notImplemented(method, rawPath.slice(0, 300));
  }
  const caller =
    match.found === 'route' && match.route.access === 'open'
      ? undefined
      : parts.callerOf(request.headers.authorization, rawPath);
  if (match.found === 'other-method') {
    request.resume();
    throw noSuchMethod(method, rawPath.slice(0, 300));
  }
  const { route, params } = match;
  const bytes = await readBytes(request, route.body ?? 'json');
  const asked: Asked = {
    method,
    rawPath,
    query,
    url: request.url ?? '/',
    headers: request.headers,
    bytes,
    route,
    params,
    caller,
  };
  const inner = async (): Promise<Reply> => {
    // The body may have taken its time: whoever has been put out meanwhile does nothing any more.
    if (caller) parts.callerOf(request.headers.authorization, rawPath);
    return parts.carryOut(asked);
  };
  return around.reduceRight<() => Promise<Reply>>((next, one) => () => one(asked, next), inner)();
}

function rendered(error: ApiError, match: Match, requestId: string): Reply {
  const shape = match.found === 'route' ? match.route.errors : undefined;
  return {
    status: error.status,
    json: shape === 'scim' ? scimErrorBody(error) : standardErrorBody(error, requestId),
    headers: {
      ...(error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) }),
      // What was not read of a body cannot be skipped on a socket that is to be used again.
      ...(error.status === 413 ? { connection: 'close' } : {}),
    },
  };
}

async function send(response: ServerResponse, reply: Reply, headers: Readonly<Record<string, string>>): Promise<void> {
  if (reply.chunks) {
    response.writeHead(reply.status ?? 200, { ...headers, ...reply.headers });
    await pipeline(reply.chunks, response);
    return;
  }
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

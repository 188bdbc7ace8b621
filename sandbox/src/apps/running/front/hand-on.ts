import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { joinSockets } from '../../../http/join-sockets.ts';
import type { Principal } from '../../../identity/principals.ts';
import { withoutSessions } from './front-visitors.ts';

/** Those that belong to one connection, and what lets the visitor in, which is nothing to the app. */
const NOT_HANDED_ON = new Set([
  'authorization',
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'transfer-encoding',
  'upgrade',
]);
/** Said by the platform only (docs/facts/apps.md section 3). */
const PLATFORMS = /^x-(?:forwarded-.*|real-ip|request-id)$/;

/** Who visits, and the token with which the app asks for them, where it has scopes for that. */
export interface Visitor {
  readonly visitor: Principal;
  readonly token: string | undefined;
}

/** Hands a visitor's request on to the app, and its answer back. @throws {Error} when it gives none. */
export function handOn(
  app: Socket,
  visitor: Visitor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onward = httpRequest({
      createConnection: () => app,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: { ...headersFor(visitor, request), connection: 'close' },
    });
    onward.on('response', (answer) => {
      const back = Object.entries(answer.headers).filter(([name]) => !NOT_HANDED_ON.has(name));
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(back));
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    // At the end of the answer, or when the visitor has gone away.
    response.on('close', () => {
      onward.destroy();
      resolve();
    });
    onward.on('error', (error) => {
      if (response.headersSent) response.destroy();
      reject(error);
    });
    request.on('error', () => onward.destroy());
    request.pipe(onward);
  });
}

/** The same for a connection that becomes something else, such as a WebSocket: every byte, in both directions. */
export function joinWith(app: Socket, visitor: Visitor, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const headers = { ...headersFor(visitor, request), connection: 'Upgrade', upgrade: request.headers.upgrade ?? '' };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${name}: ${String(one)}\r\n`),
  );
  app.write(`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('')}\r\n`);
  app.write(head);
  joinSockets(app, socket);
}

/** What the app hears of a request, and who the visitor is (docs/facts/apps.md section 3). */
function headersFor({ visitor, token }: Visitor, { headers, socket }: IncomingMessage): OutgoingHttpHeaders {
  const own = Object.entries(headers).filter(([name]) => !NOT_HANDED_ON.has(name) && !PLATFORMS.test(name));
  const cookie = withoutSessions(headers.cookie ?? '');
  return {
    ...Object.fromEntries(own.filter(([name]) => name !== 'cookie')),
    ...(cookie === '' ? {} : { cookie }),
    host: headers.host ?? '',
    'x-forwarded-host': headers.host ?? '',
    'x-forwarded-preferred-username': visitor.userName,
    'x-forwarded-user': visitor.id,
    'x-forwarded-email': visitor.userName,
    ...(token === undefined ? {} : { 'x-forwarded-access-token': token }),
    'x-real-ip': socket.remoteAddress ?? '',
    'x-request-id': randomUUID(),
  };
}

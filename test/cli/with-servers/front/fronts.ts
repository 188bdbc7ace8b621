import { once } from 'node:events';
import {
  connect as connectHttp2,
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { connect, type AddressInfo, type Server } from 'node:net';
import { createServer } from 'node:tls';
import type { Pair } from './certificates.ts';

/** What stands before a Temporal server, as a company or Temporal Cloud has it. */
export interface Front {
  /** host:port. */
  readonly address: string;
  close(): Promise<void>;
}

/** Numbers of gRPC. */
const UNAUTHENTICATED = 16;
const PERMISSION_DENIED = 7;
const { HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS } = constants;

/** Lets those through who show a certificate that the authority has signed. @param to host:port of Temporal */
export async function certificateFront(to: string, own: Pair, authority: Buffer): Promise<Front> {
  const server = createServer(
    { cert: own.cert, key: own.key, ca: authority, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    (socket) => {
      const [host, port] = to.split(':');
      const there = connect(Number(port), host);
      for (const [a, b] of [
        [socket, there],
        [there, socket],
      ] as const) {
        a.pipe(b);
        a.on('error', () => b.destroy());
        a.on('close', () => b.destroy());
      }
    },
  );
  // Whoever is not let through.
  server.on('tlsClientError', () => {});
  return listening(server);
}

/**
 * Lets those through who bring the key and name their namespace, and only to what Temporal Cloud lets them: it has no
 * operator service.
 */
export async function keyFront(
  to: string,
  own: Pair,
  { apiKey, namespace }: { readonly apiKey: string; readonly namespace: string },
): Promise<Front> {
  const there = connectHttp2(`http://${to}`);
  there.on('error', () => {});
  const server = createSecureServer({ cert: own.cert, key: own.key });
  server.on('sessionError', () => {});
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => {});
    if (headers['authorization'] !== `Bearer ${apiKey}`)
      return refuse(stream, UNAUTHENTICATED, 'Request unauthorized.');
    const path = String(headers[HTTP2_HEADER_PATH]);
    if (path.includes('.operatorservice.')) return refuse(stream, PERMISSION_DENIED, 'Request unauthorized.');
    const isOfNamespace = !path.endsWith('/GetSystemInfo');
    if (isOfNamespace && headers['temporal-namespace'] !== namespace)
      return refuse(stream, PERMISSION_DENIED, `no temporal-namespace with ${path}`);
    const { authorization: _, ...passedOn } = headers;
    const asked = there.request(passedOn);
    stream.pipe(asked);
    stream.on('close', () => asked.close());
    asked.on('error', () => stream.close());
    asked.on('response', (answer) => {
      // A refusal is all in the first frame.
      if ('grpc-status' in answer) return stream.respond(answer, { endStream: true });
      stream.respond(answer, { waitForTrailers: true });
      asked.pipe(stream);
    });
    const trailers: { said: object } = { said: {} };
    asked.on('trailers', (said) => (trailers.said = said));
    stream.on('wantTrailers', () => stream.sendTrailers({ ...trailers.said }));
  });
  const front = await listening(server);
  return {
    address: front.address,
    close: async () => {
      there.destroy();
      await front.close();
    },
  };
}

function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  const said = { 'grpc-status': String(status), 'grpc-message': message, 'content-type': 'application/grpc' };
  stream.respond({ [HTTP2_HEADER_STATUS]: 200, ...said }, { endStream: true });
}

async function listening(server: Server): Promise<Front> {
  const open = new Set<{ destroy(): void }>();
  for (const event of ['connection', 'secureConnection'])
    server.on(event, (socket: NodeJS.Socket & { destroy(): void }) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

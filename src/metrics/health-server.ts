import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WrongSettings } from '../temporal/client-errors.ts';

/** Where a worker says how it is. */
export interface HealthAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** What is asked of a worker. */
export interface Health {
  /** Why it takes no work at present; undefined while it does. */
  readonly notReady: () => string | undefined;
  /** Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** What answers until it is closed. */
export interface HealthServer {
  /** Like http://127.0.0.1:9464. */
  readonly url: string;
  close(): Promise<void>;
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const METRICS = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
const LONGEST_REQUEST_MS = 10_000;

/**
 * Answers /healthz while the process lives, /readyz while it takes work, and /metrics.
 * @throws {WrongSettings} where it cannot listen
 */
export async function openHealthServer(health: Health, { host, port }: HealthAddress): Promise<HealthServer> {
  const server = createServer({ requestTimeout: LONGEST_REQUEST_MS }, (request, response) => {
    answer(health, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, TEXT);
      response.end('the figures could not be put together\n');
    });
  });
  await new Promise<void>((settle, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        new WrongSettings(
          `Health and metrics cannot be served at ${host}, port ${port} (${error.code ?? error.message}). ` +
            'Choose another --metrics-port or --metrics-host.',
        ),
      ),
    );
    server.listen(port, host, settle);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

async function answer(health: Health, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number, headers: Record<string, string>, body: string) =>
    response.writeHead(status, { ...headers, 'cache-control': 'no-store' }).end(request.method === 'HEAD' ? '' : body);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void end(405, { ...TEXT, allow: 'GET, HEAD' }, '');
  const path = (request.url ?? '').split('?')[0];
  const why = health.notReady();
  if (path === '/healthz') end(200, TEXT, 'alive\n');
  else if (path === '/readyz') end(why === undefined ? 200 : 503, TEXT, `${why ?? 'ready'}\n`);
  else if (path === '/metrics') end(200, METRICS, await health.metrics());
  else end(404, TEXT, 'Ask for /healthz, /readyz or /metrics.\n');
}

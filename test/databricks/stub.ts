import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectWorkspace, type ConnectOptions, type Workspace } from '../../src/databricks/workspace.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Stub {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
}

export type Respond = (request: Received, response: ServerResponse, incoming: IncomingMessage) => void;

/** A server that remembers what it was asked, and is gone after the test however that ends. */
export async function serve(
  respond: Respond,
  listen: (handler: RequestListener) => ReturnType<typeof createServer> = createServer,
): Promise<Stub> {
  const received: Received[] = [];
  const server = listen((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(parts),
      };
      received.push(request);
      respond(request, response, incoming);
    });
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => {
      server.close(closed);
    });
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, received };
}

export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

export const TOKEN = 'a-token-nobody-must-see';

/** Connects with a token and fast enough not to wait, unless the test says otherwise. */
export function connect(options: Partial<ConnectOptions> & { host: string }): Workspace {
  const workspace = connectWorkspace({ token: TOKEN, env: {}, requestsPerSecond: 1_000, ...options });
  onTestFinished(() => workspace.close());
  return workspace;
}

/** Connects with what the test says and nothing else, and fast enough not to wait. */
export function connectWith(options: ConnectOptions): Workspace {
  const workspace = connectWorkspace({ requestsPerSecond: 1_000, ...options });
  onTestFinished(() => workspace.close());
  return workspace;
}

/** What a call for a cluster may be answered with. */
export const CLUSTER = { cluster_id: '1', state: 'RUNNING' };

/** An empty folder, for as long as the test lasts. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'home-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** The error a call ends with. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it should have failed, and did not');
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

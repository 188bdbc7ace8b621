import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on this computer that answers as its shape has it, until the test ends. */
export async function shapedReceiver(shape: (asked: Asked) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, body, headers } = shape({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      const isJson = typeof body === 'object';
      response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'text/plain', ...headers });
      response.end(isJson ? JSON.stringify(body) : body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** So many a second, evenly. */
export class Rate {
  readonly #everyMs: number;
  #next = 0;
  /** How many came too early. */
  refused = 0;

  constructor(perSecond: number) {
    this.#everyMs = 1_000 / perSecond;
  }

  /** Seconds until one may come again, as Retry-After says it; undefined where this one may. */
  tooEarly(): number | undefined {
    const now = performance.now();
    if (now < this.#next) {
      this.refused += 1;
      return (this.#next - now) / 1_000;
    }
    this.#next = now + this.#everyMs;
    return undefined;
  }
}

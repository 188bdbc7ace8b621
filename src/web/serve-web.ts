import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { webApp } from './app.ts';
import type { WebParts } from './web-parts.ts';

/** Where the pages listen. */
export interface Listening {
  /** Of this computer, like http://127.0.0.1:8420. */
  readonly url: string;
  /** Whoever still looks is cut off; their browsers come again. */
  close(): Promise<void>;
}

/**
 * Serves the pages of all workshops until it is closed.
 * @throws {Error} with the code EADDRINUSE and its like where it cannot listen
 */
export async function serveWeb(parts: WebParts, { host, port }: { host: string; port: number }): Promise<Listening> {
  const { app, stop } = webApp(parts);
  const server = await new Promise<Server>((settle, fail) => {
    const opened = serve({ fetch: app.fetch, hostname: host, port }, () => settle(opened)) as Server;
    opened.once('error', fail);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((settle) => {
        stop();
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { AppLog, LogLine } from './app-log.ts';

export const LOG_PAGE = '/logz';
export const LOG_STREAM = '/logz/stream';

const HEARTBEAT_MS = 10_000;
/** The code with which a stream ends that the client may open again. */
const GOING_AWAY = 1_001;
/** One byte 0 (docs/facts/apps-clients.md section 5). */
const HEARTBEAT = '\0';

/** Whoever connects says a word or two. */
const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 65_536 });

/**
 * Sends an app's log over a WebSocket: the client says what to search for, or nothing, and gets what there is and
 * then whatever comes (docs/facts/apps-clients.md section 5). False, and nothing is answered, for what asks for none.
 */
export function streamLog(log: AppLog, request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
  if (request.headers.upgrade?.toLowerCase() !== 'websocket') return false;
  server.handleUpgrade(request, socket, head, (client) => {
    let unwatch: (() => void) | undefined;
    client.once('message', (said: Buffer) => {
      const search = said.toString();
      const send = (line: LogLine): void => {
        if (search === '' || line.message.includes(search)) client.send(JSON.stringify(line));
      };
      for (const line of log.lines()) send(line);
      unwatch = log.watch({ line: send, end: () => client.close(GOING_AWAY) });
    });
    const beat = setInterval(() => client.send(HEARTBEAT), HEARTBEAT_MS).unref();
    client.on('close', () => {
      clearInterval(beat);
      unwatch?.();
    });
    // What is no WebSocket any more is closed, which is heard above.
    client.on('error', () => {});
  });
  return true;
}

/** The log as a page of text. */
export const logText = (log: AppLog): string =>
  log
    .lines()
    .map(({ source, timestamp, message }) => `${new Date(timestamp * 1_000).toISOString()} [${source}] ${message}\n`)
    .join('');

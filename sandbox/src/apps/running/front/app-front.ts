import { once } from 'node:events';
import { STATUS_CODES, createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Permissions } from '../../../identity/permissions.ts';
import type { Principal } from '../../../identity/principals.ts';
import type { App } from '../../app-model.ts';
import type { AppLog } from './app-log.ts';
import { CALLBACK, FrontVisitors } from './front-visitors.ts';
import type { VisitorsWorld } from './front-visitors.ts';
import { handOn, joinWith } from './hand-on.ts';
import type { Visitor } from './hand-on.ts';
import { LOG_PAGE, LOG_STREAM, logText, streamLog } from './log-stream.ts';

export interface FrontWorld extends VisitorsWorld {
  readonly permissions: Permissions;
  /** The sandbox's own time, with everything done that was due by then. */
  advance(): number;
}

/** What stands behind the front. */
export interface BehindFront {
  readonly log: AppLog;
  /** A connection to the app. @throws {Error} when none of its code runs, or nothing listens. */
  connect(): Promise<Socket>;
}

/** What a visitor gets from the front itself. */
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What answers at an app's address: it lets nobody in without a sign-in, tells the app who is there, and shows the
 * log to who manages it (docs/facts/apps.md sections 1.4 and 3; docs/facts/apps-clients.md section 5).
 */
export class AppFront {
  readonly #world: FrontWorld;
  readonly #app: App;
  readonly #visitors: FrontVisitors;
  readonly #behind: BehindFront;
  readonly #server: Server;
  readonly #joined = new Set<Duplex>();

  private constructor(world: FrontWorld, app: App, behind: BehindFront) {
    this.#world = world;
    this.#app = app;
    this.#behind = behind;
    this.#visitors = new FrontVisitors(world, app);
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      this.#joined.add(socket);
      socket.on('close', () => this.#joined.delete(socket));
      this.#upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }

  /**
   * Listens on loopback, where the app was before if that is free, and says so in `app.address`.
   * @throws the system's error when there is no port left.
   */
  static async open(world: FrontWorld, app: App, behind: BehindFront): Promise<AppFront> {
    const front = new AppFront(world, app, behind);
    const before = app.address === undefined ? 0 : Number(new URL(app.address).port);
    try {
      await listening(front.#server, before);
    } catch (error) {
      if (before === 0) throw error;
      await listening(front.#server, 0);
    }
    app.address = `http://127.0.0.1:${(front.#server.address() as AddressInfo).port}`;
    return front;
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#joined) socket.destroy();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
    const found = this.#admit(request, path, new URLSearchParams(search));
    if ('status' in found) {
      send(response, found);
      return;
    }
    try {
      await handOn(await this.#behind.connect(), this.#known(found), request, response);
    } catch {
      if (!response.headersSent) send(response, NOT_THERE);
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const found = this.#admit(request, path, new URLSearchParams());
    const isLog = path === LOG_STREAM;
    if ('status' in found) refuse(socket, found);
    else if (!isLog) await this.#join(found, request, socket, head);
    else if (!streamLog(this.#behind.log, request, socket, head)) refuse(socket, NO_STREAM);
  }

  async #join(visitor: Principal, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    let app: Socket;
    try {
      app = await this.#behind.connect();
    } catch {
      refuse(socket, NOT_THERE);
      return;
    }
    joinWith(app, this.#known(visitor), request, socket, head);
  }

  /** The visitor, when the app is to answer them, or what they get instead. */
  #admit(request: IncomingMessage, path: string, query: URLSearchParams): Principal | Answer {
    const at = this.#world.advance();
    if (path === CALLBACK) return this.#arrive(query, at);
    const visitor = this.#visitors.of(request, at);
    if (!visitor) return redirect(this.#visitors.signInAt(request.method === 'GET' ? (request.url ?? '/') : '/'));
    const { name, compute } = this.#app;
    const may = (level: string): boolean => this.#world.permissions.allows(visitor, 'apps', name, level);
    if (!may('CAN_USE')) return denied(`${visitor.userName} may not use the app ${name}. Ask who made it for Can Use.`);
    if (path === LOG_PAGE || path === LOG_STREAM) {
      if (!may('CAN_MANAGE'))
        return denied(`${visitor.userName} may not see the log of the app ${name}. Ask who made it for Can Manage.`);
      if (compute !== 'ACTIVE') return NOT_THERE;
      if (path === LOG_STREAM && request.headers.upgrade === undefined) return NO_STREAM;
      return path === LOG_STREAM ? visitor : { status: 200, text: logText(this.#behind.log) };
    }
    if (compute !== 'ACTIVE') return NOT_THERE;
    return this.#app.active && !this.#app.lastGood ? emptyApp(name) : visitor;
  }

  #known(visitor: Principal): Visitor {
    return { visitor, token: this.#visitors.tokenFor(visitor, this.#world.advance()) };
  }

  #arrive(query: URLSearchParams, at: number): Answer {
    const arrived = this.#visitors.arrived(query, at);
    return arrived
      ? redirect(arrived.path, { 'set-cookie': arrived.cookie })
      : denied('The sign-in was not begun here, or is too old. Open the address of the app again.');
  }
}

const NOT_THERE: Answer = {
  status: 503,
  text: 'The app is not available: it is stopped, has no code in it, or its code does not answer. Look at its state.\n',
};
const NO_STREAM: Answer = { status: 400, text: 'The log is streamed over a WebSocket. Open /logz to read it.\n' };

/** What the platform puts into an app by itself (docs/facts/apps.md section 1.3). */
const emptyApp = (name: string): Answer => ({
  status: 200,
  text: `The app ${name} is up, and nothing was deployed to it yet: this is the page of the platform.\n`,
});

const denied = (text: string): Answer => ({ status: 403, text: `${text}\n` });

const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 302,
  text: '',
  headers: { location, ...headers },
});

const headersOf = ({ text, headers = {} }: Answer): Readonly<Record<string, string>> => ({
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  ...headers,
  'content-length': String(Buffer.byteLength(text)),
});

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersOf(answer));
  response.end(answer.text);
}

/** On a connection that was to become something else. */
function refuse(socket: Duplex, answer: Answer): void {
  const lines = Object.entries({ ...headersOf(answer), connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`;
  socket.end(head + answer.text, () => socket.destroy());
}

async function listening(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

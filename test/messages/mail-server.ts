import { createServer, type AddressInfo, type Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MessagePlan } from '../../src/domain/plan/fields/messages.ts';

/** A mail as it came in. */
export interface Mail {
  readonly to: readonly string[];
  readonly raw: string;
  readonly messageId: string;
}

/** What the server does with the n-th mail that it is handed, counted from 1. */
export type Treats = (n: number, to: string) => 'take' | 'busy' | 'refuse' | 'take and hang up';

/** A real SMTP server on this computer, whose books tell what has arrived. */
export class MailServer {
  readonly books: Mail[] = [];
  /** So many mails it was handed, whatever became of them. */
  handed = 0;
  readonly #server: SMTPServer;
  #port = 0;

  private constructor(treats: Treats, credentials?: { user: string; pass: string }) {
    this.#server = new SMTPServer({
      authOptional: credentials === undefined,
      allowInsecureAuth: true,
      disabledCommands: credentials === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
      logger: false,
      authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
      onAuth: ({ username, password, accessToken }, _session, done) =>
        username === credentials?.user && (accessToken ?? password) === credentials?.pass
          ? done(null, { user: username })
          : done(new Error('535 wrong user or password')),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          this.handed += 1;
          const to = session.envelope.rcptTo.map(({ address }) => address);
          const answer = treats(this.handed, to[0] ?? '');
          if (answer === 'busy') return done(said(451, 'come back later'));
          if (answer === 'refuse') return done(said(550, 'no mailbox here by that name'));
          const raw = Buffer.concat(chunks).toString('utf8');
          this.books.push({ to, raw, messageId: /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim() ?? '' });
          if (answer === 'take and hang up') return hangUp(session);
          done(null, 'queued');
        });
      },
    });
    this.#server.on('error', () => {});
    const sockets = new Map<number, { destroy(): void }>();
    this.#server.server.on('connection', (socket) => {
      if (socket.remotePort !== undefined) sockets.set(socket.remotePort, socket);
    });
    const hangUp = ({ remotePort }: { readonly remotePort?: number }) => sockets.get(remotePort ?? 0)?.destroy();
  }

  static async start(treats: Treats = () => 'take', credentials?: { user: string; pass: string }): Promise<MailServer> {
    const one = new MailServer(treats, credentials);
    await new Promise<void>((done) => one.#server.listen(0, '127.0.0.1', done));
    one.#port = (one.#server.server.address() as AddressInfo).port;
    return one;
  }

  /** A plan that sends everything here. */
  plan(change: Partial<MessagePlan> = {}): MessagePlan {
    return {
      language: 'en',
      mail: { host: '127.0.0.1', port: this.#port, security: 'none', from: 'workshop@corp.test', perMinute: 6_000 },
      attendees: ['mail'],
      facilitators: ['mail'],
      admin: ['mail'],
      ...change,
    };
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(() => done()));
  }
}

const said = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode });

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

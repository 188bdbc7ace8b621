import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { SANDBOX_MAIL } from '../../../messages/channels/smtp.ts';
import { KeptLetters } from './kept-letters.ts';
import { openLetterPages, type LetterPages } from './letter-pages.ts';

/** What has come in, by channel. */
export interface Received {
  /** Message-IDs of mails, with whom each is for; one that came twice stands here twice. */
  readonly mails: readonly { readonly id: string; readonly to: string }[];
  /** By Slack, Teams and webhook. */
  readonly posts: number;
}

/** Everything that has come in. */
interface Books {
  readonly letters: KeptLetters;
  posts: number;
}

/**
 * Where everything goes that a worker beside a sandbox sends, whatever its plan names: a real SMTP server and a
 * receiver for the other channels, in this process, and pages on which the letters can be read. Nothing of a rehearsal
 * ever leaves the computer.
 */
export class PostOffice {
  readonly #books: Books;
  readonly #pages: LetterPages;
  readonly #smtp: SMTPServer;
  readonly #http: Server;

  private constructor(books: Books, pages: LetterPages) {
    this.#books = books;
    this.#pages = pages;
    this.#smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData: (stream, { envelope }, done) => {
        void keep(books.letters, stream, envelope.rcptTo, done);
      },
    });
    // A worker that was killed in the middle of a letter is no trouble of ours.
    this.#smtp.on('error', () => {});
    this.#http = createServer((request, response) => {
      request.resume().on('end', () => {
        const isLookUp = request.url?.endsWith('users.lookupByEmail') === true;
        if (!isLookUp) books.posts += 1;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(isLookUp ? { ok: true, user: { id: 'U1' } } : { ok: true }));
      });
    });
  }

  static async open(): Promise<PostOffice> {
    const books: Books = { letters: new KeptLetters(), posts: 0 };
    const office = new PostOffice(books, await openLetterPages({ letters: books.letters, posts: () => books.posts }));
    await new Promise<void>((done) => office.#smtp.listen(0, '127.0.0.1', done));
    await new Promise<void>((done) => office.#http.listen(0, '127.0.0.1', done));
    return office;
  }

  /** Where the letters can be read in a browser, on this computer only. */
  get url(): string {
    return this.#pages.url;
  }

  /** What a worker's environment needs to send here. */
  get env(): Readonly<Record<string, string>> {
    const url = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    return {
      [SANDBOX_MAIL]: `127.0.0.1:${(this.#smtp.server.address() as AddressInfo).port}`,
      WORKSHOP_SLACK_WEBHOOK: `${url}/slack`,
      WORKSHOP_SLACK_API: `${url}/slack-api`,
      WORKSHOP_SLACK_TOKEN: 'of-a-rehearsal',
      WORKSHOP_TEAMS_WEBHOOK: `${url}/teams`,
      WORKSHOP_WEBHOOK: `${url}/webhook`,
      WORKSHOP_WEBHOOK_SECRET: 'of-a-rehearsal',
    };
  }

  received(): Received {
    const { letters, posts } = this.#books;
    return {
      mails: letters.heads().flatMap(({ messageId, to }) => to.map((one) => ({ id: messageId, to: one }))),
      posts,
    };
  }

  async close(): Promise<void> {
    await this.#pages.close();
    await new Promise<void>((done) => this.#smtp.close(() => done()));
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }
}

async function keep(
  letters: KeptLetters,
  stream: Readable,
  recipients: readonly { readonly address: string }[],
  done: (error?: Error | null, answer?: string) => void,
): Promise<void> {
  const to = recipients.map(({ address }) => address);
  try {
    await letters.take(await buffer(stream), to);
  } catch (error) {
    return done(error as Error);
  }
  done(null, 'taken by the rehearsal');
}

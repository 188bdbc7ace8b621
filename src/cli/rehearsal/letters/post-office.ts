import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { SANDBOX_MAIL } from '../../../messages/channels/smtp.ts';

/** What has come in, by channel. */
export interface Received {
  /** Message-IDs of mails, with whom each is for; one that came twice stands here twice. */
  readonly mails: readonly { readonly id: string; readonly to: string }[];
  /** By Slack, Teams and webhook. */
  readonly posts: number;
}

/**
 * Where everything goes that a worker beside a sandbox sends, whatever its plan names: a real SMTP server and a
 * receiver for the other channels, in this process. Nothing of a rehearsal ever leaves the computer.
 */
export class PostOffice {
  readonly #mails: { id: string; to: string }[] = [];
  #posts = 0;
  readonly #smtp: SMTPServer;
  readonly #http: Server;

  private constructor() {
    this.#smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const head = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n', 1)[0] ?? '';
          const id = /^Message-ID:\s*(\S+)/im.exec(head)?.[1] ?? '';
          this.#mails.push(...session.envelope.rcptTo.map(({ address }) => ({ id, to: address })));
          done(null, 'taken by the rehearsal');
        });
      },
    });
    // A worker that was killed in the middle of a letter is no trouble of ours.
    this.#smtp.on('error', () => {});
    this.#http = createServer((request, response) => {
      request.resume().on('end', () => {
        const isLookUp = request.url?.endsWith('users.lookupByEmail') === true;
        if (!isLookUp) this.#posts += 1;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(isLookUp ? { ok: true, user: { id: 'U1' } } : { ok: true }));
      });
    });
  }

  static async open(): Promise<PostOffice> {
    const office = new PostOffice();
    await new Promise<void>((done) => office.#smtp.listen(0, '127.0.0.1', done));
    await new Promise<void>((done) => office.#http.listen(0, '127.0.0.1', done));
    return office;
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
    return { mails: [...this.#mails], posts: this.#posts };
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => this.#smtp.close(() => done()));
    this.#http.closeAllConnections();
    await new Promise((done) => this.#http.close(done));
  }
}

import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { MessagePlan } from '../../domain/plan/fields/messages.ts';
import type { Outcome } from '../../domain/replayed/outbox/outbox.ts';
import { lacks, wordsOf, type Outgoing, type Send } from './channel.ts';

const CONNECT_MS = 10_000;
/** A server that scans a letter before it answers takes its time. */
const SILENCE_MS = 30_000;

/** Where a worker's environment keeps what the mail server wants to know; both left out, it wants nothing. */
const USER = 'WORKSHOP_SMTP_USER';
const PASSWORD = 'WORKSHOP_SMTP_PASSWORD';
/** An OAuth access token in the place of a password. */
const TOKEN = 'WORKSHOP_SMTP_TOKEN';

/** Where a worker beside a sandbox sends all mail, `host:port`, whatever its plan names: a rehearsal reaches nobody. */
export const SANDBOX_MAIL = 'WORKSHOP_SANDBOX_MAIL';

type MailPlan = NonNullable<MessagePlan['mail']>;

/**
 * Mail, over one connection for each letter: what a server says of one letter cannot be taken for another's. The text
 * is asked for only after the server has agreed to take it, so that until then nothing is in doubt.
 */
export const smtp =
  (env: NodeJS.ProcessEnv): Send =>
  async (message, { mail: planned }, handingOver) => {
    const mail = planned && besideSandbox(planned, env[SANDBOX_MAIL]);
    if (mail === undefined) return { is: 'refused', words: 'The plan names no mail server.' };
    const [user, pass, accessToken] = [env[USER], env[PASSWORD], env[TOKEN]];
    if (user !== undefined && pass === undefined && accessToken === undefined) return lacks(PASSWORD);
    const bytes = await composed(message, mail);
    const connection = new SMTPConnection({
      host: mail.host,
      port: mail.port,
      secure: mail.security === 'tls',
      requireTLS: mail.security === 'starttls',
      ignoreTLS: mail.security === 'none',
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
    });
    let begun = false;
    let failed: (error: Error) => void = () => {};
    // What goes wrong between two commands is told by an event.
    const broken = new Promise<never>((_, reject) => {
      failed = reject;
    });
    broken.catch(() => {});
    connection.on('error', failed);
    connection.on('end', () => failed(new Error('the server closed the connection')));
    const step = <T>(begin: (callback: (error?: Error | null, result?: T) => void) => void): Promise<T> =>
      Promise.race([
        broken,
        new Promise<T>((resolve, reject) => {
          begin((error, result) => (error ? reject(error) : resolve(result as T)));
        }),
      ]);
    try {
      await step((done) => connection.connect(done));
      if (user !== undefined)
        await step((done) =>
          connection.login(
            accessToken === undefined ? { user, pass } : { user, oauth2: new XOAuth2({ user, accessToken }) },
            done,
          ),
        );
      const text = lazily(bytes, async () => {
        await handingOver();
        begun = true;
      });
      const answer = await step<{ response?: string }>((done) =>
        connection.send({ from: mail.from, to: [message.to], size: bytes.length }, text, done),
      );
      connection.quit();
      return { is: 'accepted', receipt: wordsOf(answer.response ?? '') };
    } catch (error) {
      return outcomeOf(error, begun);
    } finally {
      connection.removeListener('error', failed);
      connection.on('error', () => {});
      setTimeout(() => connection.close(), 1_000).unref();
    }
  };

function besideSandbox(planned: MailPlan, server: string | undefined): MailPlan {
  if (server === undefined) return planned;
  const [host = '', port] = server.split(':');
  return { ...planned, host, port: Number(port), security: 'none' };
}

async function composed(
  { to, subject, text, html, calendar, attachments, id, title }: Outgoing,
  mail: MailPlan,
): Promise<Buffer> {
  const domain = mail.from.slice(mail.from.lastIndexOf('@') + 1);
  return new MailComposer({
    from: { name: mail.senderName ?? title, address: mail.from },
    to: { name: '', address: to },
    ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    ...(calendar === undefined
      ? {}
      : { icalEvent: { method: calendar.method, filename: 'workshop.ics', content: calendar.text } }),
    attachments: attachments.map(({ name, bytes, type }) => ({
      filename: name,
      content: Buffer.from(bytes),
      ...(type === undefined ? {} : { contentType: type }),
    })),
    messageId: `<${id}@${domain}>`,
    // Nobody's holiday notice is an answer to it.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** A stream of which nothing is read before `first` is done. */
function lazily(bytes: Buffer, first: () => Promise<void>): Readable {
  return Readable.from(
    (async function* () {
      await first();
      yield bytes;
    })(),
  );
}

/**
 * A refusal of the server (5xx) is final, and told in its words; before the letter was handed over everything else is
 * tried again; after it, a 4xx means that it was not taken, and silence means nothing certain.
 */
function outcomeOf(error: unknown, begun: boolean): Outcome {
  const { message, responseCode, response, code } = error as Error & {
    responseCode?: number;
    response?: string;
    code?: string;
  };
  const words = wordsOf(response ?? message);
  // Not this letter's fault: somebody has to correct user or password.
  if (code === 'EAUTH' || code === 'ETLS') return { is: 'later', words };
  if (responseCode !== undefined && responseCode >= 500) return { is: 'refused', words };
  if (responseCode === undefined && begun)
    return { is: 'in doubt', words: `No answer came after the letter was handed over: ${words}` };
  return { is: 'later', words };
}

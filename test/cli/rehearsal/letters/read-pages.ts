import { request } from 'node:http';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { onTestFinished } from 'vitest';
import { PostOffice } from '../../../../src/cli/rehearsal/letters/post-office.ts';
import { SANDBOX_MAIL } from '../../../../src/messages/channels/smtp.ts';

/** A post office that closes with the test. */
export async function postOffice(): Promise<PostOffice> {
  const office = await PostOffice.open();
  onTestFinished(() => office.close());
  return office;
}

/** Sends mails to it, one after another, as any mail program would. */
export async function sendMails(office: PostOffice, ...mails: readonly SendMailOptions[]): Promise<void> {
  const [host = '', port] = (office.env[SANDBOX_MAIL] ?? '').split(':');
  const transport = createTransport({ host, port: Number(port), ignoreTLS: true, pool: true, maxConnections: 1 });
  try {
    for (const mail of mails) await transport.sendMail({ from: 'Spring <workshop@example.com>', ...mail });
  } finally {
    transport.close();
  }
}

/** What a page answered. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks for a path exactly as it is written: nothing in it is tidied up on the way. */
export function ask(
  office: PostOffice,
  path: string,
  { method = 'GET', host }: { readonly method?: string; readonly host?: string } = {},
): Promise<Page> {
  const { hostname, port } = new URL(office.url);
  return new Promise((settle, fail) => {
    const asked = request({ hostname, port, path, method, ...(host === undefined ? {} : { headers: { host } }) });
    asked.on('error', fail);
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        settle({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    asked.end();
  });
}

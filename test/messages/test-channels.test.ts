import { appendFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { planFiles, workshop } from '../cli/run-cli.ts';
import { MailServer } from './mail-server.ts';

const ME = 'me@corp.test';

function planWith(lines: string): string {
  const file = planFiles();
  appendFileSync(file, `\nmessages:\n${lines}`);
  return file;
}

async function mailLine(): Promise<{ mail: MailServer; line: string }> {
  const mail = await MailServer.start();
  onTestFinished(() => mail.stop());
  const { host, port, from } = mail.plan().mail!;
  return { mail, line: `  mail: {host: ${host}, port: ${port}, security: none, from: ${from}}\n` };
}

it('sends one message to oneself by each channel, and to nobody else', async () => {
  const { mail, line } = await mailLine();
  const file = planWith(`${line}  attendees: [mail]\n  facilitators: [mail]\n`);
  const { code, stdout } = await workshop(['messages', 'test', file, '--to', ME]);
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`✔ mail to ${ME}: accepted`) as string,
  });
  expect(mail.books.map(({ to }) => to)).toEqual([[ME]]);
});

it('says which channel does not work, and what to do', async () => {
  const { mail, line } = await mailLine();
  const file = planWith(`${line}  attendees: [mail]\n  admin: [teams]\n`);
  const { code, stdout } = await workshop(['messages', 'test', file, '--to', ME]);
  expect(code).toBe(1);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(/✔ mail to me@corp\.test.*✗ teams: not sent\. .*WORKSHOP_TEAMS_WEBHOOK/);
  expect(mail.books).toHaveLength(1);
});

it.each([
  ['a plan that names no channel', '  language: de\n', ME, /names no channel/],
  ['what is no address', '  facilitators: [teams]\n', 'nobody', /not an email address/],
])('refuses %s', async (_, lines, to, words) => {
  const { code, stderr } = await workshop(['messages', 'test', planWith(lines), '--to', to]);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(words) as string });
});

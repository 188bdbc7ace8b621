import { expect, it, onTestFinished } from 'vitest';
import { smtp } from '../../src/messages/channels/smtp.ts';
import type { Outgoing } from '../../src/messages/channels/channel.ts';
import { closedPort, MailServer, type Treats } from './mail-server.ts';

const letter: Outgoing = {
  to: 'ann@example.com',
  subject: 'Please prepare: Grüße',
  text: 'Hello Ann,\n\n.\n\nSee you.\n',
  attachments: [{ name: 'check.sh', bytes: Buffer.from('echo hello\n') }],
  id: 'abc123',
  title: 'Spring',
};

async function server(treats?: Treats, credentials?: { user: string; pass: string }): Promise<MailServer> {
  const one = await MailServer.start(treats, credentials);
  onTestFinished(() => one.stop());
  return one;
}

it('hands a letter over once, and says only then that it may have arrived', async () => {
  const mail = await server();
  const moments: number[] = [];
  const outcome = await smtp({})(letter, mail.plan(), async () => {
    moments.push(mail.books.length);
  });
  expect(outcome).toEqual({ is: 'accepted', receipt: expect.stringContaining('queued') as string });
  expect(moments).toEqual([0]);
  expect(mail.books).toMatchObject([{ to: ['ann@example.com'], messageId: '<abc123@corp.test>' }]);
  const { raw } = mail.books[0] ?? { raw: '' };
  expect(raw).toMatch(/^From: Spring <workshop@corp\.test>$/m);
  expect(raw).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(raw).toContain('filename=check.sh');
});

it.each([
  ['busy', 'later', /451 come back later/],
  ['refuse', 'refused', /550 no mailbox here/],
  ['take and hang up', 'in doubt', /No answer came after the letter was handed over/],
] as const)('a server that is to %s it: %s, in its words', async (treats, is, words) => {
  const mail = await server(() => treats);
  const outcome = await smtp({})(letter, mail.plan(), async () => {});
  expect(outcome).toMatchObject({ is, words: expect.stringMatching(words) as string });
});

it('nobody there: nothing is in doubt', async () => {
  const mail = await server();
  const plan = mail.plan();
  const nowhere = { ...plan, mail: { ...plan.mail!, port: await closedPort() } };
  let begun = false;
  const outcome = await smtp({})(letter, nowhere, async () => {
    begun = true;
  });
  expect(outcome).toMatchObject({ is: 'later', words: expect.stringContaining('ECONNREFUSED') as string });
  expect(begun).toBe(false);
});

it('signs in with what the environment has, and waits for a person where it is wrong', async () => {
  const mail = await server(undefined, { user: 'ws', pass: 'right' });
  const send = (env: NodeJS.ProcessEnv) => smtp(env)(letter, mail.plan(), async () => {});
  expect(await send({ WORKSHOP_SMTP_USER: 'ws', WORKSHOP_SMTP_PASSWORD: 'right' })).toMatchObject({ is: 'accepted' });
  const wrong = await send({ WORKSHOP_SMTP_USER: 'ws', WORKSHOP_SMTP_PASSWORD: 'wrong' });
  expect(wrong).toMatchObject({ is: 'later', words: expect.stringMatching(/535/) as string });
  expect(JSON.stringify(wrong)).not.toContain('wrong"');
  expect(await send({ WORKSHOP_SMTP_USER: 'ws' })).toMatchObject({
    is: 'later',
    words: expect.stringContaining('WORKSHOP_SMTP_PASSWORD') as string,
  });
});

it('signs in with an OAuth token instead', async () => {
  const mail = await server(undefined, { user: 'ws', pass: 'fresh' });
  const send = (token: string) =>
    smtp({ WORKSHOP_SMTP_USER: 'ws', WORKSHOP_SMTP_TOKEN: token })(letter, mail.plan(), async () => {});
  expect(await send('fresh')).toMatchObject({ is: 'accepted' });
  expect(await send('stale')).toMatchObject({ is: 'later', words: expect.stringMatching(/535/) as string });
});

it('never speaks in the clear where the plan asks for STARTTLS', async () => {
  const mail = await server();
  const plan = mail.plan();
  const outcome = await smtp({})(letter, { ...plan, mail: { ...plan.mail!, security: 'starttls' } }, async () => {});
  expect(outcome.is).toBe('later');
  expect(mail.books).toEqual([]);
});

it('no header can be put in by a name, a title or an address', async () => {
  const mail = await server();
  const evil = 'x\r\nBcc: eve@example.com';
  await smtp({})({ ...letter, subject: evil, title: evil }, mail.plan(), async () => {});
  const head = mail.books[0]?.raw.split('\r\n\r\n')[0] ?? '';
  expect(mail.books).toHaveLength(1);
  expect(head).not.toMatch(/^Bcc:/im);
  expect(mail.books[0]?.to).toEqual(['ann@example.com']);
});

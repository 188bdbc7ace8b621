import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionsOf } from '../../src/messages/channels/posting.ts';
import { slack } from '../../src/messages/channels/slack.ts';
import { teams } from '../../src/messages/channels/teams.ts';
import { webhook } from '../../src/messages/channels/webhook.ts';
import type { Outgoing } from '../../src/messages/channels/channel.ts';
import type { MessagePlan } from '../../src/domain/plan/fields/messages.ts';
import { closedPort } from './mail-server.ts';

const plan: MessagePlan = { language: 'en', attendees: [], facilitators: [], admin: [] };
const message: Outgoing = {
  to: 'ann@example.com',
  subject: 'A <breaker> opened',
  text: 'What happened.\n\nWhat to do & when.',
  attachments: [],
  id: 'abc123',
  title: 'Spring',
};

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answer = { status: number; body?: object; headers?: Record<string, string> } | 'hang up';

async function receiver(answer: (path: string) => Answer = () => ({ status: 200 })) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      const chosen = answer(request.url ?? '');
      if (chosen === 'hang up') request.socket.destroy();
      else response.writeHead(chosen.status, chosen.headers).end(JSON.stringify(chosen.body ?? {}));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    await new Promise((done) => server.close(done));
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const direct = connectionsOf({});
const never = async () => {};

describe('a webhook', () => {
  it('is signed, so that its receiver knows the sender', async () => {
    const { received, url } = await receiver();
    const env = { WORKSHOP_WEBHOOK: `${url}/hook`, WORKSHOP_WEBHOOK_SECRET: 'shared' };
    expect(await webhook(env, direct)(message, plan, never)).toMatchObject({ is: 'accepted' });
    const [one] = received;
    const at = String(one?.headers['x-workshop-timestamp']);
    const right = createHmac('sha256', 'shared')
      .update(`${at}.${one?.body ?? ''}`)
      .digest('hex');
    expect(one?.headers['x-workshop-signature']).toBe(`sha256=${right}`);
    expect(one?.headers['idempotency-key']).toBe('abc123');
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { is: 'later', afterMs: 7_000 },
    ],
    [{ status: 503 }, { is: 'later' }],
    [{ status: 404 }, { is: 'refused' }],
    [{ status: 502 }, { is: 'in doubt' }],
    ['hang up', { is: 'in doubt' }],
  ] as const)('that answers %j: %j, without its address', async (answer, outcome) => {
    const { url } = await receiver(() => answer);
    const env = { WORKSHOP_WEBHOOK: `${url}/secret-path`, WORKSHOP_WEBHOOK_SECRET: 'shared' };
    const got = await webhook(env, direct)(message, plan, never);
    expect(got).toMatchObject(outcome);
    expect(JSON.stringify(got)).not.toMatch(/secret-path|shared/);
  });

  it('that says when to come again as a date is waited for until then', async () => {
    const at = new Date(Date.now() + 120_000).toUTCString();
    const { url } = await receiver(() => ({ status: 429, headers: { 'retry-after': at } }));
    const got = await webhook({ WORKSHOP_WEBHOOK: url, WORKSHOP_WEBHOOK_SECRET: 'shared' }, direct)(
      message,
      plan,
      never,
    );
    const { is, afterMs = 0 } = got as { is: string; afterMs?: number };
    expect(is).toBe('later');
    expect(afterMs).toBeGreaterThan(60_000);
    expect(afterMs).toBeLessThanOrEqual(120_000);
  });

  it('that nobody answers, or that this worker does not know, is tried later', async () => {
    const env = { WORKSHOP_WEBHOOK: `http://127.0.0.1:${await closedPort()}/`, WORKSHOP_WEBHOOK_SECRET: 'shared' };
    expect(await webhook(env, direct)(message, plan, never)).toMatchObject({ is: 'later' });
    expect(await webhook({}, direct)(message, plan, never)).toMatchObject({
      is: 'later',
      words: expect.stringContaining('WORKSHOP_WEBHOOK and WORKSHOP_WEBHOOK_SECRET') as string,
    });
  });
});

describe('Teams', () => {
  it('gets one card below its limit, and what is cut is said', async () => {
    const { received, url } = await receiver(() => ({ status: 202 }));
    const long = { ...message, text: 'A line with "quotes" and ümlauts.\n'.repeat(3_000) };
    expect(await teams({ WORKSHOP_TEAMS_WEBHOOK: url }, direct)(long, plan, never)).toEqual({
      is: 'accepted',
      receipt: expect.stringContaining('does not say that it was shown') as string,
    });
    expect(received).toHaveLength(1);
    expect(Buffer.byteLength(received[0]?.body ?? '')).toBeLessThan(28 * 1_024);
    expect(received[0]?.body).toContain('Cut here');
  });
});

describe('Slack', () => {
  it('shows the facilitators what it means, and no markup of ours', async () => {
    const { received, url } = await receiver();
    await slack({ WORKSHOP_SLACK_WEBHOOK: url }, direct, 'facilitators')(message, plan, never);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      text: '*A &lt;breaker&gt; opened*\nWhat happened.\n\nWhat to do &amp; when.',
    });
  });

  it('writes to one person alone, whom it finds by the address', async () => {
    const { received, url } = await receiver((path) => ({
      status: 200,
      body: path.endsWith('lookupByEmail') ? { ok: true, user: { id: 'U1' } } : { ok: true },
    }));
    const env = { WORKSHOP_SLACK_TOKEN: 'xoxb-secret', WORKSHOP_SLACK_API: url };
    expect(await slack(env, direct, 'attendees')(message, plan, never)).toMatchObject({ is: 'accepted' });
    expect(received.map(({ path }) => path)).toEqual(['/users.lookupByEmail', '/chat.postMessage']);
    expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({ channel: 'U1' });
  });

  it.each([
    ['users_not_found', 'refused'],
    ['ratelimited', 'later'],
  ])('says %s: %s', async (error, is) => {
    const { url } = await receiver(() => ({ status: 200, body: { ok: false, error } }));
    const env = { WORKSHOP_SLACK_TOKEN: 'xoxb-secret', WORKSHOP_SLACK_API: url };
    const got = await slack(env, direct, 'attendees')(message, plan, never);
    expect(got).toMatchObject({ is, words: expect.stringContaining(error) as string });
    expect(JSON.stringify(got)).not.toContain('xoxb');
  });
});

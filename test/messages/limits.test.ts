import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  due,
  handedOver,
  nextAt,
  taken,
  type Outbox,
  type Outcome,
  type Posted,
} from '../../src/domain/replayed/outbox/outbox.ts';
import type { Channel, Group } from '../../src/domain/replayed/outbox/channels.ts';
import type { Outgoing, Send } from '../../src/messages/channels/channel.ts';
import { connectionsOf } from '../../src/messages/channels/posting.ts';
import { slack } from '../../src/messages/channels/slack.ts';
import { teams } from '../../src/messages/channels/teams.ts';
import { slackApi, slackWebhook } from './slack-receivers.ts';
import { TEAMS_LIMIT, teamsWorkflow } from './teams-receiver.ts';

const direct = connectionsOf({});
const never = async () => {};
const PLAN = { language: 'en' as const, attendees: [], facilitators: [], admin: [] };
const BURST = Array.from({ length: 12 }, (_, n) => `person${n}@example.com`);

const outgoing = (to: string, text = `For ${to} only.`): Outgoing => ({
  to,
  subject: `Letter to ${to}`,
  text,
  attachments: [],
  id: to,
  title: 'Spring',
});

/** As the outbox does it, with its own decisions: all that is due at once, and what was put off when it is time. */
async function leave(channel: Channel, group: Group, send: Send): Promise<{ outbox: Outbox; handed: number }> {
  const plan = { language: 'en' as const, attendees: [], facilitators: [], admin: [], [group]: [channel] };
  let handed = 0;
  let outbox: Outbox = {};
  for (const to of BURST) {
    const { subject, text, title } = outgoing(to);
    const posted: Posted = { key: to, to, subject, text, title, attachments: [], group, plan };
    outbox = taken(outbox, posted, Date.now());
  }
  for (let next = nextAt(outbox); next !== undefined; next = nextAt(outbox)) {
    await wait(Math.max(0, next - Date.now()));
    const results = await Promise.all(
      due(outbox, Date.now()).map(async (errand) => {
        handed += 1;
        return { errand, outcome: await send(outgoing(errand.key), plan, never) };
      }),
    );
    for (const { errand, outcome } of results) outbox = handedOver(outbox, errand, outcome, Date.now());
  }
  return { outbox, handed };
}

const statesOf = (outbox: Outbox, channel: Channel) =>
  Object.values(outbox).map(({ deliveries }) => deliveries[channel]?.is);

describe('a burst', () => {
  it('gets into a Slack channel whole and each once, although its webhook refuses what is too quick', async () => {
    const { url, texts, rate } = await slackWebhook({ perSecond: 20 });
    const { outbox, handed } = await leave(
      'slack',
      'facilitators',
      slack({ WORKSHOP_SLACK_WEBHOOK: url }, direct, 'facilitators'),
    );
    expect(statesOf(outbox, 'slack')).toEqual(BURST.map(() => 'accepted'));
    expect(texts.toSorted()).toEqual(BURST.map((to) => `*Letter to ${to}*\nFor ${to} only.`).toSorted());
    expect(handed).toBe(BURST.length + rate.refused);
    expect(rate.refused).toBeGreaterThan(0);
  });

  it('reaches each person in Slack once, although looking them up is refused when it is too quick', async () => {
    const members = Object.fromEntries(BURST.map((to, n) => [to, { id: `U${n}` }]));
    const { env, posted, lookUps } = await slackApi({ members, lookUpsPerSecond: 20 });
    const { outbox } = await leave('slack', 'attendees', slack(env, direct, 'attendees'));
    expect(statesOf(outbox, 'slack')).toEqual(BURST.map(() => 'accepted'));
    expect(posted.map(({ channel }) => channel).toSorted()).toEqual(BURST.map((_, n) => `U${n}`).toSorted());
    expect(lookUps.refused).toBeGreaterThan(0);
  });

  it('to one person in Slack arrives whole, although each is written to so often only', async () => {
    const members = Object.fromEntries(BURST.map((to) => [to, { id: 'U1' }]));
    const { env, posted, writes } = await slackApi({ members, perSecond: 20 });
    const { outbox } = await leave('slack', 'attendees', slack(env, direct, 'attendees'));
    expect(statesOf(outbox, 'slack')).toEqual(BURST.map(() => 'accepted'));
    expect(new Set(posted.map(({ text }) => text)).size).toBe(BURST.length);
    expect(posted).toHaveLength(BURST.length);
    expect(writes.get('U1')?.refused).toBeGreaterThan(0);
  });

  it('gets into a Teams channel whole and each once', async () => {
    const { env, cards, rate } = await teamsWorkflow({ perSecond: 20 });
    const { outbox } = await leave('teams', 'facilitators', teams(env, direct));
    expect(statesOf(outbox, 'teams')).toEqual(BURST.map(() => 'accepted'));
    expect(cards.map(([heading]) => heading?.text ?? '').toSorted()).toEqual(
      BURST.map((to) => `Letter to ${to}`).toSorted(),
    );
    expect(rate.refused).toBeGreaterThan(0);
  });
});

describe('what is too quick', () => {
  it.each(['facilitators', 'attendees'] as const)('waits as long as Slack says, for %s', async (group) => {
    const { url } = await slackWebhook({ perSecond: 0.01 });
    const { env, posted } = await slackApi({ members: { 'ann@example.com': { id: 'U1' } }, perSecond: 0.01 });
    const send = slack({ ...env, WORKSHOP_SLACK_WEBHOOK: url }, direct, group);
    const letter = outgoing('ann@example.com');
    expect(await send(letter, PLAN, never)).toMatchObject({ is: 'accepted' });
    expectWait(await send(letter, PLAN, never));
    expect(posted.length).toBeLessThan(2);
  });

  it('waits as long as Teams says', async () => {
    const { env } = await teamsWorkflow({ perSecond: 0.01 });
    const letter = outgoing('ann@example.com');
    expect(await teams(env, direct)(letter, PLAN, never)).toMatchObject({ is: 'accepted' });
    expectWait(await teams(env, direct)(letter, PLAN, never));
  });

  /** A hundred seconds less what has passed: by itself the outbox would come again after fifteen. */
  function expectWait(outcome: Outcome): void {
    expect(outcome).toMatchObject({ is: 'later', words: expect.stringContaining('429') as string });
    const { afterMs = 0 } = outcome as { afterMs?: number };
    expect(afterMs).toBeGreaterThan(50_000);
    expect(afterMs).toBeLessThanOrEqual(100_000);
  }
});

describe('a card for Teams', () => {
  it.each([
    ['many lines', 'A line with "quotes" and ümlauts.\n'.repeat(3_000)],
    ['many paragraphs, each a block of its own', 'Yes.\n\n'.repeat(4_000)],
    ['one line that never ends', 'ü'.repeat(60_000)],
    ['one line of signs that take four bytes', '🧱'.repeat(20_000)],
    ['a long line after a short one', `Short.\n${'long '.repeat(20_000)}`],
  ])('of %s is cut, says so, and is taken', async (_, text) => {
    const { env, cards, refusedAsTooBig } = await teamsWorkflow();
    const outcome = await teams(env, direct)(outgoing('ann@example.com', text), PLAN, never);
    expect({ outcome, tooBig: refusedAsTooBig() }).toMatchObject({ outcome: { is: 'accepted' }, tooBig: 0 });
    const shown = cards[0]?.map((block) => block.text) ?? [];
    expect(shown.at(-1)).toMatch(/^\(Cut here; the whole text is in the worker's folder\.\)$/);
    // Not more is taken away than has to be.
    expect(Buffer.byteLength(JSON.stringify(cards[0]))).toBeGreaterThan(TEAMS_LIMIT * 0.8);
    expect(shown.join('')).not.toMatch(/\p{Surrogate}|�/u);
  });

  it('that fits is not touched', async () => {
    const { env, cards } = await teamsWorkflow();
    await teams(env, direct)(outgoing('ann@example.com', 'One.\n\nTwo.'), PLAN, never);
    expect(cards[0]?.map(({ text }) => text)).toEqual(['Letter to ann@example.com', 'One.', 'Two.']);
  });
});

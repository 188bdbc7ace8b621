import { expect, it } from 'vitest';
import type { Outgoing } from '../../src/messages/channels/channel.ts';
import { connectionsOf } from '../../src/messages/channels/posting.ts';
import { slack } from '../../src/messages/channels/slack.ts';
import { shapedReceiver } from './shaped-receiver.ts';
import { slackApi, slackWebhook } from './slack-receivers.ts';

const direct = connectionsOf({});
const PLAN = { language: 'en' as const, attendees: [], facilitators: [], admin: [] };
const MEMBERS = { 'ann@example.com': { id: 'U1' }, 'bo@example.com': { id: 'U2', closed: true } };

const letter = (to: string, text = 'Hello.'): Outgoing => ({
  to,
  subject: 'Please prepare',
  text,
  attachments: [],
  id: 'abc123',
  title: 'Spring',
});

/** Writes to one person, and tells whether it was on the way when it ended. */
async function write(env: NodeJS.ProcessEnv, to = 'ann@example.com') {
  let begun = false;
  const outcome = await slack(env, direct, 'attendees')(letter(to), PLAN, async () => {
    begun = true;
  });
  expect(JSON.stringify(outcome)).not.toMatch(/xoxb|127\.0\.0\.1/);
  return { outcome, begun };
}

it('whoever is not in Slack is refused, by name and with what to do', async () => {
  const { env, posted } = await slackApi({ members: MEMBERS });
  expect(await write(env, 'cy@example.com')).toEqual({
    outcome: {
      is: 'refused',
      words: expect.stringMatching(
        /knows nobody by the address cy@example\.com \(users_not_found\): have them join/,
      ) as string,
    },
    begun: false,
  });
  expect(posted).toEqual([]);
});

it('whom the bot may not write to is refused, by name and with what to do', async () => {
  const { env } = await slackApi({ members: MEMBERS });
  const { outcome } = await write(env, 'bo@example.com');
  expect(outcome).toEqual({
    is: 'refused',
    words: expect.stringMatching(/write to bo@example\.com \(channel_not_found\):.*by other means/) as string,
  });
});

it('a wrong token holds up every letter and loses none: they leave once there is a right one', async () => {
  const { env, posted, asked } = await slackApi({ members: MEMBERS });
  const { outcome, begun } = await write({ ...env, WORKSHOP_SLACK_TOKEN: 'xoxb-wrong' });
  expect({ outcome, begun }).toEqual({
    outcome: {
      is: 'later',
      words: expect.stringMatching(
        /\(invalid_auth\): put .* into WORKSHOP_SLACK_TOKEN and restart the worker/,
      ) as string,
      afterMs: expect.any(Number) as number,
    },
    begun: false,
  });
  expect(asked).toEqual(['users.lookupByEmail']);
  expect((await write(env)).outcome).toMatchObject({ is: 'accepted' });
  expect(posted).toHaveLength(1);
});

it.each([
  ['users.lookupByEmail', 'missing_scope', 'later', /users:read\.email and chat:write/],
  ['users.lookupByEmail', 'internal_error', 'later', /Slack says: internal_error/],
  ['users.lookupByEmail', 'ratelimited', 'later', /Slack says: ratelimited/],
  ['chat.postMessage', 'ratelimited', 'later', /Slack says: ratelimited/],
  ['chat.postMessage', 'internal_error', 'in doubt', /does not tell whether the message arrived/],
  ['chat.postMessage', 'token_revoked', 'later', /WORKSHOP_SLACK_TOKEN/],
  ['chat.postMessage', 'restricted_action', 'refused', /Slack says: restricted_action/],
])('%s that says %s: %s', async (method, word, is, words) => {
  const { env } = await slackApi({ members: MEMBERS, failing: { [method]: word } });
  expect((await write(env)).outcome).toMatchObject({ is, words: expect.stringMatching(words) as string });
});

it.each([204, 500, 502])('nothing was sent where HTTP %i is the answer to who somebody is', async (status) => {
  const url = await shapedReceiver(() => ({ status, body: '' }));
  expect(await write({ WORKSHOP_SLACK_API: url, WORKSHOP_SLACK_TOKEN: 'xoxb-right' })).toEqual({
    outcome: { is: 'later', words: `HTTP ${status}` },
    begun: false,
  });
});

it('a webhook that was taken back holds messages up until there is another, whose address nobody reads', async () => {
  const { url } = await slackWebhook({ gone: true });
  const send = slack({ WORKSHOP_SLACK_WEBHOOK: `${url}/services/secret` }, direct, 'admin');
  const outcome = await send(letter('ann@example.com'), PLAN, async () => {});
  expect(outcome).toMatchObject({
    is: 'later',
    words: expect.stringMatching(/HTTP 403: invalid_token\): make a new one.*WORKSHOP_SLACK_WEBHOOK/) as string,
  });
  expect(JSON.stringify(outcome)).not.toMatch(/secret|127\.0\.0\.1/);
});

it('a text that is too long is cut, says so, and no sign of it is cut in two', async () => {
  const { url, texts } = await slackWebhook();
  const send = slack({ WORKSHOP_SLACK_WEBHOOK: url }, direct, 'admin');
  expect(await send(letter('ann@example.com', '&🧱'.repeat(20_000)), PLAN, async () => {})).toMatchObject({
    is: 'accepted',
  });
  expect(texts[0]?.length).toBeLessThan(40_000);
  expect(texts[0]).toMatch(/^\*Please prepare\*\n(&amp;🧱)+(&amp;)?\n\n\(Cut here; .*\)$/u);
});

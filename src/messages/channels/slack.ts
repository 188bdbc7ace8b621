import type { Dispatcher } from 'undici';
import type { Outcome } from '../../domain/replayed/outbox/outbox.ts';
import type { Group } from '../../domain/replayed/outbox/channels.ts';
import { lacks, type Send } from './channel.ts';
import { outcomeOf, post, type Answered } from './posting.ts';

/** Of an incoming webhook: whoever has it may write into that Slack channel. */
const WEBHOOK = 'WORKSHOP_SLACK_WEBHOOK';
/** Of a bot with users:read.email and chat:write: what is for one person alone goes to them directly. */
const TOKEN = 'WORKSHOP_SLACK_TOKEN';
/** Only tests have another. */
const API = 'WORKSHOP_SLACK_API';
const SLACK_API = 'https://slack.com/api';
/** Slack cuts a text after 40,000 characters. */
const LONGEST = 39_000;

/** Slack: the facilitators' channel by a webhook, attendees by direct messages. */
export const slack =
  (env: NodeJS.ProcessEnv, connections: Dispatcher, group: Group): Send =>
  async ({ to, subject, text }, _plan, handingOver) => {
    const body = `*${escaped(subject)}*\n${escaped(text)}`.slice(0, LONGEST);
    if (group !== 'attendees') {
      const webhook = env[WEBHOOK];
      if (webhook === undefined) return lacks(WEBHOOK);
      await handingOver();
      const answer = await post(webhook, JSON.stringify({ text: body }), {}, connections);
      return 'is' in answer ? answer : outcomeOf(answer, 'Slack has taken it');
    }
    const token = env[TOKEN];
    if (token === undefined) return lacks(TOKEN);
    const api = env[API] ?? SLACK_API;
    const authorization = { authorization: `Bearer ${token}` };
    // Slack's methods that read take no JSON.
    const found = await post(
      `${api}/users.lookupByEmail`,
      new URLSearchParams({ email: to }).toString(),
      { ...authorization, 'content-type': 'application/x-www-form-urlencoded' },
      connections,
    );
    // Nothing has been sent yet.
    if ('is' in found)
      return { is: 'later', words: found.is === 'later' ? (found.words ?? '') : 'Slack did not answer.' };
    const refused = refusal(found);
    if (refused) return refused;
    const { user } = found.json as { user?: { id?: unknown } };
    if (typeof user?.id !== 'string') return { is: 'later', words: 'Slack did not say who that is.' };
    await handingOver();
    const message = JSON.stringify({ channel: user.id, text: body });
    const sent = await post(`${api}/chat.postMessage`, message, authorization, connections);
    if ('is' in sent) return sent;
    return refusal(sent) ?? outcomeOf(sent, 'Slack has taken it');
  };

/** Slack answers 200 to what it refuses, and says so inside. */
function refusal(answer: Answered): Outcome | undefined {
  if (answer.status !== 200) return outcomeOf(answer, '');
  const { ok, error } = (answer.json ?? {}) as { ok?: unknown; error?: unknown };
  if (ok === true) return undefined;
  const words = `Slack says: ${typeof error === 'string' ? error : answer.words}`;
  return error === 'ratelimited' ? { is: 'later', words } : { is: 'refused', words };
}

/** The three characters that mean something in Slack's own markup. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

import type { Dispatcher } from 'undici';
import type { Group } from '../../domain/replayed/outbox/channels.ts';
import { lacks, type Send } from './channel.ts';
import { cutToFit } from './cut-to-fit.ts';
import { post } from './posting.ts';
import { refusalOf, TAKEN, webhookOutcome } from './slack-refusals.ts';

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
    const bodyOf = (text: string) => `*${escaped(subject)}*\n${escaped(text)}`;
    const body = bodyOf(cutToFit(text, (shorter) => bodyOf(shorter).length <= LONGEST));
    if (group !== 'attendees') {
      const webhook = env[WEBHOOK];
      if (webhook === undefined) return lacks(WEBHOOK);
      await handingOver();
      const answer = await post(webhook, JSON.stringify({ text: body }), {}, connections);
      return 'is' in answer ? answer : webhookOutcome(answer);
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
    const refused = refusalOf(found, to, 'who');
    if (refused) return refused;
    const { user } = found.json as { user?: { id?: unknown } };
    if (typeof user?.id !== 'string') return { is: 'later', words: 'Slack did not say who that is.' };
    await handingOver();
    const message = JSON.stringify({ channel: user.id, text: body });
    const sent = await post(`${api}/chat.postMessage`, message, authorization, connections);
    if ('is' in sent) return sent;
    return refusalOf(sent, to, 'message') ?? { is: 'accepted', receipt: TAKEN };
  };

/** The three characters that mean something in Slack's own markup. */
const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

import { LINK_KEY } from '../links/link-key.ts';
import type { LetterName } from '../messages/letter-names.ts';
import { channelsOfLetter, type Channel } from '../replayed/outbox/channels.ts';
import { formatDuration } from '../replayed/time/format-duration.ts';
import { MINUTE } from '../replayed/time/units.ts';
import type { MessagePlan } from './fields/messages.ts';
import type { Plan } from './plan.ts';

/** Letters that are of use for minutes: where no channel takes them, they are not written. */
const ONLY_BY_A_CHANNEL: readonly LetterName[] = ['not-tried', 'ready', 'not-connected', 'save-work'];

/** When attendees are written to, and what about. */
const moments = (letters: MessagePlan['letters'] = {}): readonly (readonly [LetterName, string])[] => [
  ['invitation', 'one week before: the invitation, with a calendar entry'],
  ['not-tried', 'the day before: the five steps again, to whoever never connected to their cluster'],
  ['ready', 'when it begins: the lines that connect, to whoever has a cluster that serves'],
  ['not-connected', `${after(letters['not-connected']?.after)}after Setup: help, to whoever is not connected`],
  ['save-work', `${formatDuration(letters['save-work']?.before ?? 15 * MINUTE)} before the end: save your work`],
  ['feedback', 'after the end: thanks, and until when work can be saved'],
  ['joined-late', 'whoever joins on the day: the invitation, for now'],
  ['new-cluster', 'invited before their cluster existed: its lines'],
  ['another-cluster', 'another cluster: its lines'],
  ['rescheduled', 'another date: the calendar entry moves'],
  ['called-off', 'called off: the calendar entry goes'],
  ['goodbye', 'taken off the list: the calendar entry goes'],
];

const after = (ms = 0): string => (ms > 0 ? `${formatDuration(ms)} ` : '');

/** Who is written to, what about, when and how, in lines. */
export function whoGetsWhat({
  messages,
  contacts,
  web,
}: Pick<Plan, 'contacts'> & Partial<Pick<Plan, 'messages' | 'web'>>): string[] {
  const { leadFacilitator, databricksAdmin, helpers = [] } = contacts;
  const facilitators = [leadFacilitator.contact, ...helpers.map(({ contact }) => contact)].join(', ');
  return [
    `attendees: ${byWhich(messages?.attendees ?? [])}`,
    ...moments(messages?.letters).map(
      ([letter, what]) => `    ${what}${otherwise(messages, letter)}${ownWords(messages, letter)}`,
    ),
    ...(web?.url === undefined ? [] : [ownPages(web.url)]),
    `facilitators (${facilitators}): alarms and what waits for an answer; ${byWhich(messages?.facilitators ?? [])}`,
    `admin (${databricksAdmin.contact}): hand-offs with their commands; ${byWhich(messages?.admin ?? [])}`,
    ...(messages?.mail ? [`mail leaves as ${messages.mail.from}, by ${messages.mail.host}:${messages.mail.port}`] : []),
    ...(messages?.onlyTo
      ? [`a trial: everything goes to ${messages.onlyTo} instead, and nothing to anybody else`]
      : []),
  ];
}

const ownPages = (url: string): string =>
  `    in all but the last two, the link of the reader's own page at ${url}, where the worker has ${LINK_KEY}`;

const ownWords = (messages: MessagePlan | undefined, letter: LetterName): string =>
  messages?.letters?.[letter]?.text === undefined ? '' : ', in words of your own';

/** What is so of this letter and not of all. */
function otherwise(messages: MessagePlan | undefined, letter: LetterName): string {
  const channels = channelsOfLetter(messages, letter);
  if (channels.length === 0 && ONLY_BY_A_CHANNEL.includes(letter)) return ' (not written: no channel)';
  const isUsual = channels.join() === (messages?.attendees ?? []).join();
  return isUsual ? '' : ` (${byWhich(channels)})`;
}

const byWhich = (channels: readonly Channel[]): string =>
  channels.length === 0
    ? "by no channel: files in the worker's folder, and you send them"
    : `by ${channels.join(' and ')}`;

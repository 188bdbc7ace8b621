import type { Channel } from '../replayed/outbox/channels.ts';
import type { Plan } from './plan.ts';

const GROUPS = [
  ['attendees', 'invitation one week before, changes of date and cluster, feedback after the end'],
  ['facilitators', 'alarms and what waits for an answer'],
  ['admin', 'hand-offs with their commands'],
] as const;

/** Who is written to, what about and how, in lines. */
export function whoGetsWhat({
  messages,
  contacts,
}: Pick<Plan, 'contacts'> & Partial<Pick<Plan, 'messages'>>): string[] {
  const { leadFacilitator, databricksAdmin } = contacts;
  const to = { attendees: '', facilitators: ` (${leadFacilitator.contact})`, admin: ` (${databricksAdmin.contact})` };
  return [
    ...GROUPS.map(([group, what]) => `${group}${to[group]}: ${what}; ${byWhich(messages?.[group] ?? [])}`),
    ...(messages?.mail ? [`mail leaves as ${messages.mail.from}, by ${messages.mail.host}:${messages.mail.port}`] : []),
    ...(messages?.onlyTo
      ? [`a trial: everything goes to ${messages.onlyTo} instead, and nothing to anybody else`]
      : []),
  ];
}

const byWhich = (channels: readonly Channel[]): string =>
  channels.length === 0
    ? "by no channel: files in the worker's folder, and you send them"
    : `by ${channels.join(' and ')}`;

import { normaliseEmail } from '../../../domain/replayed/seat/email.ts';
import { CHANNELS, GROUPS, type Channel, type Group } from '../../../domain/replayed/outbox/channels.ts';
import type { Outcome } from '../../../domain/replayed/outbox/outbox.ts';
import { sending } from '../../../messages/channels/sending.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { planAlone } from '../../input/input-files.ts';
import { print, printJson } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';

export interface TestOptions {
  readonly to: string;
  readonly json?: boolean;
}

/**
 * Sends one message through each channel of a plan, and says what happened. The exit code says whether every channel
 * has accepted it.
 * @throws {WrongInput} for a plan that names no channel
 */
export async function testChannels(file: string, { to, json }: TestOptions): Promise<void> {
  const address = normaliseEmail(to);
  if (address === undefined) throw new WrongInput(`"${to}" is not an email address.`);
  const { messages, title } = await planAlone(file);
  const named = messages === undefined ? [] : namedIn(messages);
  if (messages === undefined || named.length === 0)
    throw new WrongInput(`${file} names no channel: nothing would leave the worker's folder. See docs/messages.md`);
  const results: { channel: Channel; group: Group; outcome: Outcome }[] = [];
  const send = sending(process.env);
  for (const { channel, group } of named) {
    const message = {
      to: address,
      subject: `A trial: ${title}`,
      text: `This is how messages of "${title}" arrive by ${channel}. Nothing else was sent.\n`,
      attachments: [],
      id: crypto.randomUUID(),
      title,
    };
    results.push({ channel, group, outcome: await send(channel, group)(message, messages, async () => {}) });
  }
  if (json) printJson(results);
  else
    print(
      [
        ...results.map(({ channel, group, outcome }) => words(channel, group, address, outcome)),
        'Tried from here, with the secrets of this environment; the worker has its own.',
      ].join('\n'),
    );
  process.exitCode = results.every(({ outcome }) => outcome.is === 'accepted') ? EXIT.ok : EXIT.notAsWanted;
}

/** Each channel once; Slack writes to attendees by another way than to its channel. */
function namedIn(messages: Readonly<Record<Group, readonly Channel[]>>): { channel: Channel; group: Group }[] {
  return CHANNELS.flatMap((channel): { channel: Channel; group: Group }[] => {
    const groups = GROUPS.filter((group) => messages[group].includes(channel));
    const others = groups.find((group) => group !== 'attendees');
    if (channel === 'slack')
      return [
        ...(groups.includes('attendees') ? [{ channel, group: 'attendees' as const }] : []),
        ...(others ? [{ channel, group: others }] : []),
      ];
    return groups.slice(0, 1).map((group) => ({ channel, group }));
  });
}

function words(channel: Channel, group: Group, to: string, outcome: Outcome): string {
  const whom = channel === 'mail' || (channel === 'slack' && group === 'attendees') ? ` to ${to}` : '';
  if (outcome.is === 'accepted')
    return `✔ ${channel}${whom}: accepted (${oneLine(outcome.receipt)}). Look whether it is there.`;
  const why = oneLine(outcome.words ?? '');
  if (outcome.is === 'in doubt') return `? ${channel}${whom}: in doubt. ${why} Look whether it is there.`;
  return `✗ ${channel}${whom}: ${outcome.is === 'refused' ? 'refused' : 'not sent'}. ${why}`;
}

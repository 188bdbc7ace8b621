import type { Delivery, Kept } from '../../../domain/replayed/outbox/outbox.ts';
import { deliveryWords } from '../../terminal/delivery-lines.ts';
import { oneLine, type Style } from '../../terminal/style.ts';
import { wrapped } from '../../pages/wrapped.ts';

/** In the order in which they ask for somebody. */
const STATES = ['refused', 'in doubt', 'waiting', 'accepted'] as const;

/** What each state means and asks for. */
const MEANS: Readonly<Record<Delivery['is'], string>> = {
  refused: 'Refused: the server will not take these. Correct the address, then send them again.',
  'in doubt':
    'In doubt: handed over, and no answer came. They may have arrived, so nothing sends them again by itself: ask, ' +
    'and send them again where they did not.',
  waiting: 'Waiting: tried again by themselves.',
  accepted: 'Accepted: the server has them. Whether somebody read them it does not say.',
};

/** How messages stand: counts, then by state those that ask for somebody, each with the server's words. */
export function messagesPage(
  id: string,
  messages: readonly Kept[],
  { all, style, columns, timeZone }: { all: boolean; style: Style; columns: number; timeZone: string },
): string[] {
  if (messages.length === 0)
    return wrapped(
      `${id}: nothing has left by any channel. Letters lie in the worker's folder, workshops/${id}/letters; a plan ` +
        'that names channels has them sent (docs/messages.md).',
      columns,
    );
  const errands = messages.flatMap((message) =>
    Object.entries(message.deliveries).map(([channel, delivery]) => ({ message, channel, delivery })),
  );
  const byState = Map.groupBy(errands, ({ delivery }) => delivery.is);
  const counts = STATES.toReversed().flatMap((state) => {
    const count = byState.get(state)?.length ?? 0;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  return [
    `${style.bold(id)}: ${messages.length === 1 ? '1 message' : `${messages.length} messages`}: ${counts.join(' · ')}`,
    style.dim(`Times are those of ${timeZone}.`),
    ...STATES.flatMap((state) => {
      const of = byState.get(state) ?? [];
      if (of.length === 0 || (state === 'accepted' && !all)) return [];
      return [
        '',
        ...wrapped(MEANS[state], columns),
        ...of.flatMap(({ message, channel, delivery }) => [
          `  ${oneLine(message.key)}  ${style.dim(channel)}`,
          ...wrapped(deliveryWords(delivery, timeZone), columns - 6).map((line) => `      ${line}`),
        ]),
        ...(state === 'refused' || state === 'in doubt' ? [`  bin/workshop messages resend ${id} <key>`] : []),
      ];
    }),
  ];
}

import type { Delivery, Kept } from '../../domain/replayed/outbox/outbox.ts';
import { shortMoment } from '../../domain/clock/clock.ts';
import { oneLine } from './style.ts';

/** What has become of one message, a line for each channel. */
export const deliveryLines = ({ deliveries }: Pick<Kept, 'deliveries'>, timeZone: string): string[] =>
  Object.entries(deliveries).map(([channel, delivery]) =>
    `${channel}: ${delivery.is}. ${deliveryWords(delivery, timeZone)}`.trim(),
  );

/** What is known of one delivery: when and, in the server's words, what. */
export function deliveryWords(delivery: Delivery, timeZone: string): string {
  if (delivery.is === 'accepted') return `${shortMoment(delivery.at, timeZone)}: ${oneLine(delivery.receipt)}`;
  if (delivery.is !== 'waiting') return `${shortMoment(delivery.at, timeZone)}: ${oneLine(delivery.words)}`;
  const { words, tries, notBefore } = delivery;
  if (words === undefined) return 'It waits for its turn.';
  const again = notBefore === undefined ? '' : ` Again at ${shortMoment(notBefore, timeZone)}.`;
  return `Tried ${tries === 1 ? 'once' : `${tries} times`}: ${oneLine(words)}.${again}`.replace('..', '.');
}

import type { WorkshopReader } from '../../../reader.ts';
import type { Progress } from '../../../domain/replayed/checklist/progress.ts';

/** Messages that ask for somebody, in words; undefined where none does, or where it cannot be read now. */
export async function messagesNow(
  reader: Pick<WorkshopReader, 'messages'>,
  id: string,
  { sends }: Progress,
): Promise<string | undefined> {
  if (sends !== true) return undefined;
  const messages = await reader.messages(id).catch(() => []);
  const deliveries = messages.flatMap((message) => Object.values(message.deliveries));
  const count = (one: (delivery: (typeof deliveries)[number]) => boolean, what: string) => {
    const found = deliveries.filter(one).length;
    return found > 0 ? [`${found} ${what}`] : [];
  };
  const troubles = [
    ...count(({ is }) => is === 'refused', 'refused'),
    ...count(({ is }) => is === 'in doubt', 'in doubt'),
    ...count((delivery) => delivery.is === 'waiting' && delivery.tries > 1, 'not sent yet'),
  ];
  return troubles.length === 0
    ? undefined
    : `Messages: ${troubles.join(', ')} of ${deliveries.length}. Whose, and why: bin/workshop messages list ${id}`;
}

import type { WorkshopClient } from '../../client.ts';
import { isAttendee } from '../../domain/replayed/seat/seat.ts';
import { Refused } from '../../temporal/client-errors.ts';
import { lackingOf } from '../laptops.ts';
import type { Visitor } from '../visitor.ts';

/** Writes to whoever lacks something, and says what; to nobody else. @throws {Refused} where nobody lacks anything */
export async function remindOfLaptops(
  client: Pick<WorkshopClient, 'tellPerson'>,
  { view, name }: Visitor,
): Promise<{ readonly recorded: string }> {
  const lacking = view.seats.filter(isAttendee).flatMap((seat) => {
    const lacks = lackingOf(view.room, seat.key);
    return lacks === undefined ? [] : [{ email: seat.email, lacks }];
  });
  if (lacking.length === 0) throw new Refused("Everybody's laptop is checked, and nothing failed.");
  for (const { email, lacks } of lacking) await client.tellPerson(view.id, { email, by: name, text: textOf(lacks) });
  return {
    recorded: `${lacking.length === 1 ? '1 person is' : `${lacking.length} people are`} reminded of what they lack`,
  };
}

const textOf = (lacks: string): string =>
  `About your laptop: ${lacks} Please run the check of your invitation (it is on your page, too), do what it says, ` +
  'and hand in the code of its last line. It takes two minutes, and saves you half an hour on the day.';

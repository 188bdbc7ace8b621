import type { LastLook, Progress } from '../../domain/replayed/checklist/progress.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { PeopleStanding } from '../../domain/verdict/people.ts';
import type { WorkshopReader } from '../../reader.ts';
import { needsRoster, standingOf, type AboutForStatus } from '../../domain/verdict/status-view.ts';

/** Everybody's seat is much to read: of thousands, no more than a tenth of the time is spent on it. */
const EVERY_MS = 3_000;
const TIMES_AS_LONG = 10;

/** Who is not connected yet, in words, where that is known. */
export type RoomWords = (progress: Progress, seats: readonly Seat[], now: number) => Promise<string | undefined>;

export interface SeenPeople {
  readonly people: PeopleStanding;
  readonly looks: readonly LastLook[];
  readonly room: string | undefined;
}

/** What people's seats tell, as it was a few seconds ago at most; undefined where nobody has to be asked. */
export function peopleNowAndThen(
  client: Pick<WorkshopReader, 'roster' | 'lastLooks'>,
  id: string,
  about: AboutForStatus | undefined,
  room: RoomWords | undefined,
) {
  let last: SeenPeople | undefined;
  let nextAt = -Infinity;
  return async (progress: Progress): Promise<SeenPeople | undefined> => {
    const now = Date.now();
    if (!needsRoster(progress)) last = undefined;
    else if (now >= nextAt) {
      nextAt = now + EVERY_MS;
      // What was known a moment ago is better than no picture.
      const seats = await client.roster(id).catch(() => undefined);
      if (seats)
        last = {
          people: await standingOf(seats, progress, about ?? {}, now),
          looks: await client.lastLooks(id, progress.cohorts),
          room: await room?.(progress, seats, now),
        };
      nextAt = Math.max(nextAt, now + TIMES_AS_LONG * (Date.now() - now));
    }
    return last;
  };
}

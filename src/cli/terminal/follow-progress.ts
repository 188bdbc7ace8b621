import { setTimeout as wait } from 'node:timers/promises';
import type { LastLook, Progress } from '../../domain/replayed/checklist/progress.ts';
import type { PoolWaits } from '../../domain/replayed/made/pool-waits.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { PeopleStanding } from '../../domain/verdict/people.ts';
import type { WorkshopReader } from '../../reader.ts';
import { needsRoster, standingOf, type AboutForStatus } from '../pages/status-view.ts';
import { drawProgress } from './draw-progress.ts';

const EVERY_MS = 500;
/** Between two runs of a lifecycle a query can miss, and a restarted worker needs a moment. */
const PATIENCE_MS = 60_000;
/** Everybody's seat is much to read. */
const PEOPLE_EVERY_MS = 3_000;

export interface FollowOptions {
  readonly quiet: boolean;
  /** Gives up following; the workshop goes on. */
  readonly stop?: AbortSignal;
  readonly about?: AboutForStatus;
  readonly top?: readonly string[];
  /** Who is not connected yet, in words, where that is known. */
  readonly room?: (progress: Progress, seats: readonly Seat[], now: number) => Promise<string | undefined>;
  readonly onEach?: (progress: Progress) => Promise<void>;
}

/**
 * Shows a lifecycle's checklist and people until it has closed.
 * @throws {NoAnswer} when nobody has answered for a minute.
 */
export async function followProgress(
  client: WorkshopReader,
  id: string,
  { quiet, stop, about, top = [], room, onEach }: FollowOptions,
): Promise<void> {
  const screen = drawProgress(process.stderr, { timeZone: about?.timeZone ?? 'UTC', top });
  const seen = peopleNowAndThen(client, id, about, room);
  const look = async (poolWaits: PoolWaits | undefined, isRunning: boolean) => {
    const progress = await client.progress(id);
    if (!quiet && !stop?.aborted) {
      const last = await seen(progress);
      const isGone = !isRunning && progress.status !== 'finished';
      screen.show(progress, { about, ...last, poolWaits, isGone });
    }
    return progress;
  };
  let answered = Date.now();
  let shown = false;
  try {
    for (;;) {
      if (stop?.aborted) break;
      const { state, poolWaits } = await client.look(id);
      const running = state === 'running';
      try {
        const progress = await look(poolWaits, running);
        answered = Date.now();
        shown = true;
        await onEach?.(progress);
      } catch (error) {
        // Between the two questions it may have closed, and then the last picture is there already.
        if (!running && shown) break;
        if (!running || Date.now() - answered > PATIENCE_MS) throw error;
      }
      // Closed: what was shown just now is the last that there is to see.
      if (!running) break;
      await wait(EVERY_MS, undefined, stop ? { signal: stop } : {}).catch(() => {});
    }
  } finally {
    screen.done();
  }
}

interface SeenPeople {
  readonly people: PeopleStanding;
  readonly looks: readonly LastLook[];
  readonly room: string | undefined;
}

/** What people's seats tell, as it was a few seconds ago at most; undefined where nobody has to be asked. */
function peopleNowAndThen(
  client: WorkshopReader,
  id: string,
  about: AboutForStatus | undefined,
  room: FollowOptions['room'],
) {
  let last: SeenPeople | undefined;
  let askedAt = -Infinity;
  return async (progress: Progress): Promise<SeenPeople | undefined> => {
    const now = Date.now();
    if (!needsRoster(progress)) last = undefined;
    else if (now - askedAt >= PEOPLE_EVERY_MS) {
      askedAt = now;
      // What was known a moment ago is better than no picture.
      const seats = await client.roster(id).catch(() => undefined);
      if (seats)
        last = {
          people: await standingOf(seats, progress, about ?? {}, now),
          looks: await client.lastLooks(id, progress.cohorts),
          room: await room?.(progress, seats, now),
        };
    }
    return last;
  };
}

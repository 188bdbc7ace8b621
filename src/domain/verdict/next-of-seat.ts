import type { Item } from '../replayed/checklist/item.ts';
import { isDone } from '../replayed/checklist/item.ts';
import type { LineId } from '../replayed/checklist/lines.ts';
import { isTwin, type Seat } from '../replayed/seat/seat.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import { nextMoment } from '../clock/clock.ts';

/** What happens next to a seat by itself, and when, epoch milliseconds, where that is known. */
export interface NextOfSeat {
  readonly words: string;
  readonly at?: number;
}

interface Known {
  readonly checklist: readonly Pick<Item, 'id' | 'title' | 'state'>[];
  readonly timeline: Partial<Timeline>;
  readonly now: number;
  /** How long a launch may take, where the seat's history says so. */
  readonly launchLimitMs?: number | undefined;
}

/** Nobody's cluster is made before these are done. */
const BEFORE_CLUSTERS: readonly LineId[] = ['claim', 'volumes', 'scripts', 'policy', 'pool', 'canary'];

/** What follows for this seat if nobody does anything. */
export function nextOfSeat(seat: Seat, known: Known): NextOfSeat {
  const { now, checklist, launchLimitMs } = known;
  const stop = checklist.find(({ id, state }) => id === 'launches' && state === 'failed');
  if (seat.state === 'released') return { words: 'Nothing: the workshop has let go of this seat.' };
  if (isTwin(seat)) return { words: 'Nothing: this person has a seat under another address.' };
  if (seat.state === 'failed') return afterFailure(seat, now, stop !== undefined);
  const { cluster } = seat;
  if (cluster && ['PENDING', 'RESTARTING', 'RESIZING'].includes(cluster.state)) {
    const since = cluster.phaseAt ?? cluster.launchedAt;
    if (launchLimitMs === undefined) return { words: 'The cluster boots; a launch that takes too long is begun anew.' };
    return { words: 'The cluster boots; if it is not up by then, it is begun anew:', at: since + launchLimitMs };
  }
  if (seat.state === 'waiting' || seat.state === 'creating') return beforeCluster(checklist, stop !== undefined);
  if (seat.state === 'verifying') return { words: 'The cluster is looked at: whether its init script succeeded.' };
  if (seat.state === 'starting') return { words: 'The cluster is being started.' };
  if (seat.state === 'ready') return { words: 'Nothing: it runs, and is watched.' };
  if (seat.state === 'asleep') return { words: 'Nothing: it sleeps because nobody used it, and connecting wakes it.' };
  return afterMoment(seat, known);
}

function afterFailure({ retryAt }: Seat, now: number, launchesAreStopped: boolean): NextOfSeat {
  if (launchesAreStopped)
    return { words: 'Launches are stopped for everybody (the line "launches" says why), so nothing is launched.' };
  if (retryAt === undefined) return { words: 'It is not tried again by itself.' };
  return retryAt > now
    ? { words: 'It is tried again by itself:', at: retryAt }
    : { words: 'It is being tried again now.' };
}

function beforeCluster(checklist: Known['checklist'], launchesAreStopped: boolean): NextOfSeat {
  if (launchesAreStopped)
    return { words: 'It waits: launches are stopped for everybody (the line "launches" says why).' };
  const missing = checklist.filter((item) => BEFORE_CLUSTERS.includes(item.id) && !isDone(item as Item));
  const [first] = missing;
  return {
    words: first
      ? `Its cluster is made once this is done: "${first.title}", which is ${first.state}.`
      : 'Its cluster is made as soon as it is its turn.',
  };
}

function afterMoment({ state }: Seat, { timeline, now }: Known): NextOfSeat {
  const next = nextMoment(timeline, now);
  const parked = state === 'parked' && timeline.dayOf !== undefined && timeline.dayOf > now;
  if (parked) return { words: 'It rests, stopped, until it is started for the day:', at: timeline.dayOf ?? 0 };
  if (next) return { words: `It rests until the workshop's next moment ("${next.name}"):`, at: next.at };
  return { words: 'Nothing more is wanted of it.' };
}

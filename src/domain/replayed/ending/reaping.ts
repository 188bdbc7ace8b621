import { HOUR } from '../time/units.ts';

/** What the reaper found. */
export interface Found {
  /** Of the workshop. */
  readonly id: string;
  readonly standing: 'running' | 'stuck' | 'closed' | 'none';
  /** Clusters and pools of this run that are still there; not asked while the lifecycle runs. */
  readonly remains: number;
  /** Workflows of its people run; not asked while the lifecycle runs. */
  readonly peopleRun: boolean;
  readonly now: number;
  /** End of the workshop plus its grace, epoch milliseconds. */
  readonly teardownAt: number;
  readonly speed: number;
}

export type Verdict =
  | { readonly act: 'nothing' | 'teardown' | 'retire'; readonly because: string }
  | { readonly act: 'alarm'; readonly kind: string; readonly because: string; readonly toDo: string };

/**
 * The reaper's whole judgement. Before the end a lifecycle that is gone is an alarm, never a removal: one mis-click
 * must not cost everybody their clusters, and auto-termination bounds the money. After the end what is left is removed.
 */
export function judge({ id, standing, remains, peopleRun, now, teardownAt, speed }: Found): Verdict {
  const late = (now - teardownAt) * speed;
  if (standing === 'running' || standing === 'stuck') {
    if (late > 6 * HOUR)
      return { act: 'teardown', because: 'The lifecycle is six hours past its end and has not removed everything.' };
    if (late > 2 * HOUR) {
      return {
        act: 'alarm',
        kind: 'late',
        because: 'The lifecycle should have ended two hours ago.',
        toDo: 'Look at it in the Temporal UI; what it left is removed in four hours.',
      };
    }
    if (standing === 'stuck') {
      return {
        act: 'alarm',
        kind: 'stuck',
        because: 'The lifecycle cannot go on: its workflow task keeps failing.',
        toDo:
          'Look at the workflow in the Temporal UI for the error; a worker with mended code lets it go on where it ' +
          'was.',
      };
    }
    return { act: 'nothing', because: 'The lifecycle is running.' };
  }
  if (now < teardownAt) {
    return standing === 'closed' && remains === 0 && !peopleRun
      ? { act: 'retire', because: 'The workshop has ended early and nothing is left.' }
      : {
          act: 'alarm',
          kind: 'gone',
          because: "The workshop's lifecycle is gone before its end.",
          toDo:
            'Nothing was removed; a pool that keeps machines waiting is told to keep none. Take the workshop up ' +
            `again with: bin/workshop start <plan> --adopt. Or end it with: bin/workshop teardown ${id} --execute`,
        };
  }
  if (remains > 0)
    return { act: 'teardown', because: `The workshop is over and ${remains} of its things are still there.` };
  return peopleRun
    ? { act: 'teardown', because: "The workshop is over and its people's workflows still run." }
    : { act: 'retire', because: 'The workshop is over and nothing is left.' };
}

/** When a pool keeps machines for people, epoch milliseconds, and how many it keeps once they have theirs. */
export interface PoolNeeded {
  readonly from: number;
  readonly until: number;
  readonly spares: number;
}

/** A pool is warmed before the day's first moment when boots were slow: so long before that at most. */
const WARMS_BEFORE = 3 * HOUR;

/** When the pool of a workshop is needed. @param speed of its clock */
export const poolNeeded = (
  { dayOf, end }: { readonly dayOf: number; readonly end: number },
  spares: number,
  speed: number,
): PoolNeeded => ({ from: dayOf - WARMS_BEFORE / speed, until: end, spares });

/**
 * What becomes of a pool's minimum beside a lifecycle that is there. One that runs knows what it does on the day;
 * before and after, a minimum is a trial's at most. One that is stuck lets nobody have the machines: they may wait a
 * while for mended code, but not without end.
 */
export function judgeMinimum({
  standing,
  min,
  now,
  needed,
}: {
  readonly standing: Found['standing'];
  readonly min: number;
  readonly now: number;
  readonly needed: PoolNeeded;
}): 'leave' | 'lower if it stays' | 'lower' | 'lower, and let them wait' {
  const isDay = needed.from <= now && now < needed.until;
  if (min === 0 || (standing !== 'running' && standing !== 'stuck')) return 'leave';
  if (!isDay) return standing === 'stuck' ? 'lower' : 'lower if it stays';
  return standing === 'stuck' && min > needed.spares ? 'lower, and let them wait' : 'leave';
}

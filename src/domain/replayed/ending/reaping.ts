import { HOUR } from '../time/units.ts';

/** What the reaper found. */
export interface Found {
  readonly standing: 'running' | 'stuck' | 'closed' | 'none';
  /** Clusters and pools of this run that are still there; not asked while the lifecycle runs. */
  readonly remains: number;
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
export function judge({ standing, remains, now, teardownAt, speed }: Found): Verdict {
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
    return standing === 'closed' && remains === 0
      ? { act: 'retire', because: 'The workshop has ended early and nothing is left.' }
      : {
          act: 'alarm',
          kind: 'gone',
          because: "The workshop's lifecycle is gone before its end.",
          toDo:
            'Nothing was removed; a pool that keeps machines waiting is told to keep none. Take the workshop up ' +
            'again with: bin/workshop start <plan> --adopt',
        };
  }
  return remains > 0
    ? { act: 'teardown', because: `The workshop is over and ${remains} of its things are still there.` }
    : { act: 'retire', because: 'The workshop is over and nothing is left.' };
}

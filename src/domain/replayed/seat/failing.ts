import type { Pace } from '../time/pace.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Seat } from './seat.ts';

/**
 * What a failure cost: a launch is a machine's hour, and a look keeps one awake; they are tried again ever more rarely.
 */
export type Cost = 'a launch' | 'a look' | 'a call';

/** Failures in a row after which a seat that might mend itself waits as long as one that needs a person. */
const QUICK_TRIES = 3;

/**
 * Something went wrong. The seat says what, and when it is tried again.
 * @param fallbacks how many other node types the plan names
 * @param now epoch milliseconds
 */
export function failed(
  seat: Seat,
  diagnosis: Diagnosis,
  { cost, fallbacks, pace, now }: { cost: Cost; fallbacks: number; pace: Pace; now: number },
): Seat {
  const failures = seat.failures + 1;
  return {
    ...seat,
    failures,
    diagnosis,
    state: 'failed',
    retryAt: now + pauseAfter(failures, diagnosis, cost, pace),
    ...(cost === 'a launch' ? { lost: { launches: (seat.lost?.launches ?? 0) + 1, last: diagnosis } } : {}),
    ...(diagnosis.remedy === 'other-node-type' && seat.option < fallbacks ? { option: seat.option + 1 } : {}),
    ...(isBroughtBack(seat, diagnosis, cost) ? { wake: true } : {}),
  };
}

/** Milliseconds until the next try. */
function pauseAfter(failures: number, diagnosis: Diagnosis, cost: Cost, pace: Pace): number {
  const soon = diagnosis.remedy !== 'person' && failures <= QUICK_TRIES;
  if (soon) return pace.retryFirst * 2 ** failures;
  return cost === 'a call' ? pace.recheck : Math.min(pace.recheck * 2 ** (failures - 1), pace.reminder);
}

/** A cluster that died is, whatever it died of; one that only does not serve may sleep until somebody has acted. */
const isBroughtBack = (seat: Seat, diagnosis: Diagnosis, cost: Cost): boolean =>
  seat.target === 'ready' && (cost !== 'a look' || diagnosis.remedy === 'restart');

import type { Pace } from '../time/pace.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { isEverybodys } from '../diagnosis/failure-classes.ts';
import type { Seat } from './seat.ts';

/**
 * What a failure cost: a launch is a machine's hour, and a look keeps one awake; they are tried again ever more rarely.
 */
export type Cost = 'a launch' | 'a look' | 'a call';

/** How failures are priced and paused. */
export interface FailingRules {
  readonly cost: Cost;
  /** How many other machines there are to launch on, beside the one that was planned; see `machineFor`. */
  readonly otherMachines: number;
  readonly pace: Pace;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The event is on: nobody waits long for a next try. */
  readonly isEventOn: boolean;
  /** It was a launch: it was refused, never came up, or came up and does not serve. */
  readonly isLaunch?: boolean;
}

/** Failures in a row after which a seat that might mend itself waits as long as one that needs a person. */
const QUICK_TRIES = 3;

/**
 * What is everybody's trouble is looked at for all of them, and whoever waits is told when it is over. Their own tries
 * are only for when nobody does that, and so many times rarer.
 */
const WITHOUT_THE_CHECK = 5;

/** Something went wrong. The seat says what, and when it is tried again. */
export function failed(seat: Seat, diagnosis: Diagnosis, rules: FailingRules): Seat {
  const { cost, otherMachines, pace, now, isEventOn, isLaunch = false } = rules;
  const failures = seat.failures + 1;
  const pause = pauseAfter(failures, diagnosis, cost, pace);
  const most = isEverybodys(diagnosis.class) ? WITHOUT_THE_CHECK * pace.eventRetry : pace.eventRetry;
  return {
    ...seat,
    failures,
    diagnosis,
    state: 'failed',
    retryAt: now + (isEventOn ? Math.min(pause, most) : pause),
    ...(cost === 'a launch' ? { lost: { launches: (seat.lost?.launches ?? 0) + 1, last: diagnosis } } : {}),
    ...(isLaunch ? { failedLaunches: afterLaunch(seat, diagnosis, otherMachines, now) } : {}),
    // Round and round: what was short an hour ago may be there again, and the last one need not be the best.
    ...(diagnosis.remedy === 'other-node-type' ? { option: (seat.option + 1) % (otherMachines + 1) } : {}),
    ...(isBroughtBack(seat, diagnosis, cost) ? { wake: true } : {}),
  };
}

function afterLaunch(
  { failedLaunches }: Seat,
  diagnosis: Diagnosis,
  otherMachines: number,
  now: number,
): NonNullable<Seat['failedLaunches']> {
  const inARow = (failedLaunches?.inARow ?? 0) + 1;
  const onEveryMachine = diagnosis.remedy !== 'other-node-type' || inARow > otherMachines;
  return { inARow, class: diagnosis.class, cause: diagnosis.cause, at: now, onEveryMachine };
}

/** Milliseconds until the next try, ever more: what costs nothing at least every few hours. */
function pauseAfter(failures: number, diagnosis: Diagnosis, cost: Cost, pace: Pace): number {
  const mendsItself = diagnosis.remedy !== 'person';
  if (mendsItself && failures <= QUICK_TRIES) return pace.retryFirst * 2 ** failures;
  const most = cost === 'a call' ? pace.longestRetry : pace.reminder;
  const earlier = cost === 'a call' && mendsItself ? QUICK_TRIES : 0;
  const pause = Math.min(pace.recheck * 2 ** (failures - earlier - 1), most);
  return isEverybodys(diagnosis.class) ? Math.min(WITHOUT_THE_CHECK * pause, pace.reminder) : pause;
}

/** A cluster that died is, whatever it died of; one that only does not serve may sleep until somebody has acted. */
const isBroughtBack = (seat: Seat, diagnosis: Diagnosis, cost: Cost): boolean =>
  seat.target === 'ready' && (cost !== 'a look' || diagnosis.remedy === 'restart');

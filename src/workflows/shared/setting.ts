import type { Run } from '../../activities/run.ts';
import type { Queues } from '../../domain/replayed/made/addresses.ts';
import { paceAt, type Pace } from '../../domain/replayed/time/pace.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';

/**
 * What a lifecycle, its cohorts and their attendees all work with. The plan and its moments are those that each began
 * with: what was amended or moved since comes with what is wanted of them.
 */
export interface Setting {
  readonly run: Run;
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly pace: Pace;
  readonly queues: Queues;
  /** Cohorts and seats tell each other many things at once; absent where an earlier version began them. */
  readonly gathers?: boolean | undefined;
}

/**
 * The setting of a lifecycle that an earlier version began, with what that version did not know yet; any other as it
 * is.
 */
export function completed<T extends Pick<Setting, 'pace' | 'queues'>>(setting: T): T {
  const { pace, queues } = setting;
  return {
    ...setting,
    // Not younger than the pages that an earlier version turned.
    pace: { ...paceAt(pace.speed), pageAge: 0, ...(pace as Partial<Pace>) },
    queues: { ...queues, jobs: beside(queues, 'jobs'), messages: beside(queues, 'messages') },
  };
}

/** A queue that an earlier version did not know. */
const beside = (queues: Queues, name: 'jobs' | 'messages'): string =>
  (queues as Partial<Queues>)[name] ?? queues.watch.replace(/:watch$/, `:${name}`);

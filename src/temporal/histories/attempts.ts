import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { ClusterNews } from '../../domain/replayed/seat/seat.ts';
import type { Attempt } from '../../domain/verdict/attempts.ts';
import type { TemporalReads } from '../reads.ts';
import { listRuns } from './executions-list.ts';
import { eventsOf, failureIn, timeOf, valueIn, type HistoryEvent } from './history-events.ts';

/** What the history of a seat's workflow tells, as far as Temporal keeps it. */
export interface SeatHistory {
  readonly attempts: readonly Attempt[];
  /** How long a launch may take before it is begun anew, milliseconds. */
  readonly launchLimitMs?: number;
  /** An earlier part has been forgotten. */
  readonly isCutOff: boolean;
}

/** Activities that stand for a try, by their names in histories. */
const STEPS: Readonly<Record<string, Attempt['what']>> = {
  createCluster: 'create',
  startCluster: 'start',
  stopCluster: 'stop',
  verifyCluster: 'look',
  findPerson: 'find',
  openAccess: 'open',
  shareCluster: 'share',
  runOnCluster: 'job',
};

/** Reads what was tried for a seat, the oldest first. @throws {WrongSettings} without the key of what is encrypted */
export async function readSeatHistory(reads: TemporalReads, id: string, key: string): Promise<SeatHistory> {
  const workflowId = attendeeAddress(id, key);
  const runs = (await listRuns(reads, `WorkflowId = "${workflowId}"`)).toReversed();
  const attempts: Attempt[] = [];
  let launchLimitMs: number | undefined;
  let isCutOff = false;
  for (const [n, { runId }] of runs.entries()) {
    const events = await eventsOf(reads, { workflowId, runId });
    const began = events?.[0]?.workflowExecutionStartedEventAttributes;
    if (events === undefined || (n === 0 && began?.continuedExecutionRunId)) isCutOff = true;
    const input = (await valueIn(reads, began?.input)) as { pace?: { launch?: number } } | undefined;
    launchLimitMs = input?.pace?.launch ?? launchLimitMs;
    attempts.push(...(await attemptsIn(reads, events ?? [])));
  }
  return { attempts, isCutOff, ...(launchLimitMs === undefined ? {} : { launchLimitMs }) };
}

async function attemptsIn(reads: TemporalReads, events: readonly HistoryEvent[]): Promise<Attempt[]> {
  const found: Attempt[] = [];
  const scheduled = new Map<string, Attempt['what']>();
  for (const event of events) {
    const at = timeOf(event);
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    const step = name ? STEPS[name] : undefined;
    if (step) scheduled.set(String(event.eventId), step);
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const ended = failed ?? event.activityTaskCompletedEventAttributes;
    const what = ended ? scheduled.get(String(ended.scheduledEventId)) : undefined;
    if (what) {
      const why = failed && ((await failureIn(reads, failed.failure))?.message ?? 'no answer in time');
      found.push({ at, what, ...(why ? { failed: why } : {}) });
    }
    const heard = await heardIn(reads, event);
    if (heard) found.push({ at, ...heard });
  }
  return found;
}

async function heardIn(reads: TemporalReads, event: HistoryEvent): Promise<Omit<Attempt, 'at'> | undefined> {
  const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
  if (signalName === MESSAGES.clusterNews) {
    const news = (await valueIn(reads, input)) as Partial<ClusterNews>;
    const { state = 'UNKNOWN', terminationCode: code, terminationDetail: detail } = news;
    const why = [code, detail].filter((part) => part !== undefined && part !== '').join(': ');
    return { what: 'news', state, ...(why === '' ? {} : { failed: why }) };
  }
  if (signalName !== MESSAGES.raise) return undefined;
  const wanted = (await valueIn(reads, input)) as { again?: boolean } | null;
  return wanted?.again ? { what: 'asked' } : undefined;
}

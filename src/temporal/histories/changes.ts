import type { Heading } from '../../domain/replayed/checklist/lines.ts';
import { teardownAddress, workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import { WrongSettings } from '../client-errors.ts';
import type { TemporalReads } from '../reads.ts';
import { listRuns } from './executions-list.ts';
import { eventsOf, failureIn, timeOf, valueIn, type HistoryEvent } from './history-events.ts';
import { beganWith, type BeganWith } from './lifecycle-run.ts';

/** Something that somebody changed about a workshop, or that became of it, as Temporal's histories have it. */
export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'start' | 'page' | 'update' | 'signal' | 'cancel' | 'terminate' | 'reset' | 'end' | 'removal';
  /** The heading that the guide was open at. */
  readonly heading?: Heading;
  /** The name that whoever asked gave. */
  readonly by?: string;
  /** The process that asked, as Temporal notes it: mostly `<process id>@<computer>`. */
  readonly identity?: string;
  /** Of an update or a signal: its name in Temporal, and what was said with it. */
  readonly name?: string;
  readonly input?: unknown;
  /** Of an update: what was answered; `refused` when it was accepted and failed all the same. */
  readonly answer?: string;
  readonly refused?: string;
  /** Of an end from outside, why, in their words. */
  readonly reason?: string;
  /** Of a start: what it began with. */
  readonly began?: BeganWith;
  /** Why what was said cannot be read here. */
  readonly unreadable?: string;
}

/** All changes that Temporal still has, the oldest first. */
export interface Changes {
  readonly changes: readonly Change[];
  /** What went before then is forgotten: the histories before it are gone. Epoch milliseconds. */
  readonly forgottenBefore?: number;
  /** For how many days Temporal keeps what has ended, where we may ask. */
  readonly keptForDays?: number;
}

/** `WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW` of Temporal's API. */
const RESET = 20;
/** What our own workflows tell each other is nobody's change. */
const OWN_SIGNALS: readonly string[] = [MESSAGES.cohortReport, MESSAGES.teardownReport];
/** Nor is an update that only asks. */
const ASKS_ONLY: readonly string[] = [MESSAGES.lookUp];

/** Reads the lifecycles of an id, run by run, and the removals that were begun by hand. Empty for an unknown id. */
export async function readChanges(reads: TemporalReads, id: string): Promise<Changes> {
  const workflowId = workshopAddress(id);
  const listed = (await listRuns(reads, `WorkflowId = "${workflowId}"`)).toReversed();
  const known = new Set(listed.map(({ runId }) => runId));
  const changes: Change[] = [];
  let forgottenBefore: number | undefined;
  let heading: Heading | undefined;
  for (const { runId, startedAt } of listed) {
    const events = await eventsOf(reads, { workflowId, runId });
    const { continuedExecutionRunId: before, input } = events?.[0]?.workflowExecutionStartedEventAttributes ?? {};
    if (events === undefined || (before && !known.has(before))) forgottenBefore = startedAt;
    const began = await readable(async () => beganWith(await valueIn(reads, input)));
    const now = began.value?.heading;
    if (before && now !== undefined && now !== heading) changes.push({ at: startedAt, kind: 'page', heading: now });
    heading = now ?? heading;
    for (const change of await changesIn(reads, events ?? []))
      changes.push({ ...change, ...(heading === undefined ? {} : { heading }) });
  }
  changes.push(...(await removals(reads, id)));
  const keptForDays = await retention(reads);
  return {
    changes: eachOnce(changes).toSorted((a, b) => a.at - b.at),
    ...(forgottenBefore === undefined ? {} : { forgottenBefore }),
    ...(keptForDays === undefined ? {} : { keptForDays }),
  };
}

/** A run that was reset begins with a copy of what went before. */
const eachOnce = (changes: readonly Change[]): Change[] => [
  ...new Map(
    changes.map((change) => [JSON.stringify([change.at, change.kind, change.name, change.input]), change]),
  ).values(),
];

async function changesIn(reads: TemporalReads, events: readonly HistoryEvent[]): Promise<Change[]> {
  const answers = new Map(
    events.flatMap(({ workflowExecutionUpdateCompletedEventAttributes: completed }) =>
      completed ? [[completed.meta?.updateId, completed.outcome] as const] : [],
    ),
  );
  const found: Change[] = [];
  for (const event of events) {
    const change = (await asked(reads, event, answers)) ?? (await became(reads, event));
    if (change) found.push({ at: timeOf(event), ...change });
  }
  return found;
}

type Untimed = Omit<Change, 'at'>;
type Outcome = NonNullable<HistoryEvent['workflowExecutionUpdateCompletedEventAttributes']>['outcome'];

/** An update or a signal, by whomever. */
async function asked(
  reads: TemporalReads,
  event: HistoryEvent,
  answers: ReadonlyMap<string | null | undefined, Outcome>,
): Promise<Untimed | undefined> {
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal && !OWN_SIGNALS.includes(signal.signalName ?? ''))
    return {
      kind: 'signal',
      ...named(signal.signalName, signal.identity),
      ...(await said(() => valueIn(reads, signal.input))),
    };
  if (!update) return undefined;
  const { meta, input } = update.acceptedRequest ?? {};
  if (ASKS_ONLY.includes(input?.name ?? '')) return undefined;
  const outcome = answers.get(update.protocolInstanceId);
  return {
    kind: 'update',
    ...named(input?.name, meta?.identity),
    ...(await said(() => valueIn(reads, input?.args))),
    ...(outcome ? await answered(reads, outcome) : {}),
  };
}

const named = (name: string | null | undefined, identity: string | null | undefined) => ({
  name: name ?? '',
  ...(identity ? { identity } : {}),
});

async function said(read: () => Promise<unknown>): Promise<Pick<Change, 'by' | 'input' | 'unreadable'>> {
  const { value, unreadable } = await readable(read);
  if (unreadable !== undefined) return { unreadable };
  const { by, ...input } = (typeof value === 'object' && value !== null ? value : { value }) as { by?: unknown };
  return { ...(typeof by === 'string' ? { by } : {}), input };
}

async function answered(reads: TemporalReads, { success, failure }: NonNullable<Outcome>): Promise<Partial<Change>> {
  const { value } = await readable(async () => (await valueIn(reads, success)) as { recorded?: string } | undefined);
  const refused = failure ? (await readable(() => failureIn(reads, failure))).value?.message : undefined;
  return {
    ...(typeof value?.recorded === 'string' ? { answer: value.recorded } : {}),
    ...(refused === undefined ? {} : { refused }),
  };
}

/** What became of the lifecycle itself. */
async function became(reads: TemporalReads, event: HistoryEvent): Promise<Untimed | undefined> {
  const {
    workflowExecutionStartedEventAttributes: started,
    workflowExecutionCancelRequestedEventAttributes: cancelled,
    workflowExecutionTerminatedEventAttributes: terminated,
    workflowExecutionFailedEventAttributes: failed,
    workflowTaskFailedEventAttributes: task,
  } = event;
  const by = (identity: string | null | undefined) => (identity ? { identity } : {});
  if (started && !started.continuedExecutionRunId) {
    const { value: began, unreadable } = await readable(async () => beganWith(await valueIn(reads, started.input)));
    return {
      kind: 'start',
      ...by(started.identity),
      ...(began ? { began } : {}),
      ...(unreadable === undefined ? {} : { unreadable }),
    };
  }
  if (cancelled) return { kind: 'cancel', ...by(cancelled.identity), reason: cancelled.cause ?? '' };
  if (terminated) return { kind: 'terminate', ...by(terminated.identity), reason: terminated.reason ?? '' };
  if (task?.cause === RESET)
    return { kind: 'reset', ...by(task.identity), reason: (await failureIn(reads, task.failure))?.message ?? '' };
  if (event.workflowExecutionCompletedEventAttributes) return { kind: 'end', reason: 'its report is written' };
  if (failed)
    return { kind: 'end', reason: (await readable(() => failureIn(reads, failed.failure))).value?.message ?? '' };
  return undefined;
}

/** A removal that no lifecycle began was begun by hand. */
async function removals(reads: TemporalReads, id: string): Promise<Change[]> {
  const workflowId = teardownAddress(id);
  const found: Change[] = [];
  for (const { runId } of await listRuns(reads, `WorkflowId = "${workflowId}"`)) {
    const [first] = (await eventsOf(reads, { workflowId, runId }, 'first')) ?? [];
    const started = first?.workflowExecutionStartedEventAttributes;
    if (first && started && !started.parentWorkflowExecution?.workflowId && !started.continuedExecutionRunId)
      found.push({
        at: timeOf(first),
        kind: 'removal',
        ...(started.identity ? { identity: started.identity } : {}),
      });
  }
  return found;
}

/** Whoever may not look at the namespace does without. */
async function retention(reads: TemporalReads): Promise<number | undefined> {
  try {
    const { config } = await reads.call<{
      config?: { workflowExecutionRetentionTtl?: { seconds?: unknown } | null } | null;
    }>('describeNamespace', {});
    const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    return seconds > 0 ? Math.round(seconds / 86_400) : undefined;
  } catch {
    return undefined;
  }
}

/** What is encrypted with a key that is not here hides neither when it was nor who asked. */
async function readable<T>(read: () => Promise<T>): Promise<{ readonly value?: T; readonly unreadable?: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof WrongSettings) return { unreadable: error.message };
    throw error;
  }
}

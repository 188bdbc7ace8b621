import { Client, Connection } from '@temporalio/client';
import { commandLineOf } from './processes.ts';

/** What the histories of a rehearsal hold. */
export interface HistoryCounts {
  readonly eventsAPerson: number;
  /** As Temporal Cloud bills them, but for heartbeats (https://docs.temporal.io/cloud/actions). */
  readonly actionsAPerson: number;
  readonly byWorkflow: Readonly<Record<string, { events: number; runs: number; longest: number }>>;
  /** By kind of workflow, then by kind of event: so many a person; attendees by some of them. */
  readonly byEvent: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Of attendees so many are read whole: all are alike. */
const READ = 40;
const PAGE = 1_000;
/** Bytes: a page of a cohort's history has more than the usual four million. */
const LARGEST_PAGE = 128 * 1_048_576;

const BILLED = new Set([
  'workflowExecutionStarted',
  'workflowExecutionSignaled',
  'workflowExecutionUpdateAccepted',
  'startChildWorkflowExecutionInitiated',
  'timerStarted',
  'upsertWorkflowSearchAttributes',
  'workflowPropertiesModified',
]);
const ATTRIBUTES = 'EventAttributes';

interface Run {
  readonly workflowId: string;
  readonly runId: string;
  readonly kind: string;
  /** Of one that runs, the list does not say how long it is. */
  readonly isCounted: boolean;
}

/** @param pid of the Temporal server, which is asked at the port of its command line */
export async function countsOf(pid: number, people: number): Promise<HistoryCounts> {
  const line = commandLineOf(pid);
  const connection = await Connection.connect({
    address: `127.0.0.1:${line[line.indexOf('--port') + 1]}`,
    channelArgs: { 'grpc.max_receive_message_length': LARGEST_PAGE },
  });
  try {
    const client = new Client({ connection });
    const byWorkflow: Record<string, { events: number; runs: number; longest: number }> = {};
    const toRead: Run[] = [];
    const seats = new Set<string>();
    for await (const { workflowId, runId, type, historyLength } of client.workflow.list({ pageSize: PAGE })) {
      const kind = (byWorkflow[type] ??= { events: 0, runs: 0, longest: 0 });
      kind.events += historyLength;
      kind.runs += 1;
      kind.longest = Math.max(kind.longest, historyLength);
      if (type === 'attendee' && seats.size < READ) seats.add(workflowId);
      if (type !== 'attendee' || seats.has(workflowId))
        toRead.push({ workflowId, runId, kind: type, isCounted: historyLength > 0 });
    }
    const byEvent: Record<string, Record<string, number>> = {};
    let actions = 0;
    for (const run of toRead) {
      const each = run.kind === 'attendee' ? 1 / seats.size : 1 / people;
      const counted = (byEvent[run.kind] ??= {});
      const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      const counts = byWorkflow[run.kind];
      if (counts && !run.isCounted) {
        counts.events += events?.length ?? 0;
        counts.longest = Math.max(counts.longest, events?.length ?? 0);
      }
      for (const event of events ?? []) {
        const [name = ''] = Object.entries(event).flatMap(([field, value]) =>
          field.endsWith(ATTRIBUTES) && value ? [field.slice(0, -ATTRIBUTES.length)] : [],
        );
        const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
        const signal = event.workflowExecutionSignaledEventAttributes?.signalName;
        const what = activity ?? (signal ? `${signal} heard` : name);
        counted[what] = (counted[what] ?? 0) + each;
        const attempts = event.activityTaskStartedEventAttributes?.attempt ?? 0;
        actions += each * (attempts + (BILLED.has(name) ? 1 : 0));
      }
    }
    const events = Object.values(byWorkflow).reduce((sum, kind) => sum + kind.events, 0);
    return { eventsAPerson: events / people, actionsAPerson: actions, byWorkflow, byEvent };
  } finally {
    await connection.close();
  }
}

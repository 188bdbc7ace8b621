import type { RecordedHistory } from './recorded.ts';

/** What tells of the machine that a history was recorded on. */
export interface Machine {
  /** Where the worker kept its letters and reports. */
  readonly folder: string;
  readonly host: string;
}

/** Events by which a workflow asks for something: replay compares what and of whom, not with which input. */
const ASKING = new Set([
  'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED',
  'EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
  'EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED',
  'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
]);

/** Of no use to a replay, and on every other line. */
const NOISE = new Set(['taskId', 'requestId', 'workerVersion', 'namespaceId', 'parentWorkflowNamespaceId']);

/**
 * The same history without the machine's name, its folders and stack traces, and without the inputs that the workflow
 * gave to others, which are most of its size. Everything that the workflow was told is kept: it decides by it.
 */
export function worthKeeping({ events }: RecordedHistory, { folder, host }: Machine): RecordedHistory {
  const kept = (value: unknown, key: string, asks: boolean): unknown => {
    if (typeof value === 'string') {
      // Temporal's JSON has the bytes of every payload as base64 under this name.
      if (key === 'data')
        return Buffer.from(Buffer.from(value, 'base64').toString('utf8').replaceAll(folder, 'reports')).toString(
          'base64',
        );
      return key === 'stackTrace' ? '' : value.replaceAll(`@${host}`, '@recorder').replaceAll(folder, 'reports');
    }
    if (Array.isArray(value)) return value.map((entry) => kept(entry, key, asks));
    if (value === null || typeof value !== 'object') return value;
    const fields = Object.entries(value).filter(([name]) => !NOISE.has(name) && !(asks && name === 'input'));
    return Object.fromEntries(fields.map(([name, inner]) => [name, kept(inner, name, asks)]));
  };
  return {
    events: events.map((event) => kept(event, '', ASKING.has(event.eventType)) as RecordedHistory['events'][number]),
  };
}

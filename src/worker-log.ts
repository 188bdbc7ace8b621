import { DefaultLogger, type LogEntry, type LogLevel, type LogMetadata } from '@temporalio/worker';
import { WrongSettings } from './temporal/client-errors.ts';

/** What the SDK warns of at every start: here each queue has a worker of its own, and that is meant. */
const MEANT = [
  'No activities registered, not polling for activity tasks',
  'No workflows registered, not polling for workflow tasks',
];

const FORMAT = 'WORKSHOP_LOG_FORMAT';

/** Without warnings of what is meant to be so, and without a stack where a setting is wrong. */
class WorkerLog extends DefaultLogger {
  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (MEANT.includes(message)) return;
    const error: unknown = meta?.['error'];
    if (error instanceof WrongSettings) super.log(level, `${error.message} Until then this waits: nothing is lost.`);
    else super.log(level, message, meta);
  }
}

/**
 * To stderr: as text for people, or as one JSON object a line where WORKSHOP_LOG_FORMAT says so.
 * @throws {WrongSettings} for any other format
 */
export function workerLog(env: NodeJS.ProcessEnv): DefaultLogger {
  const level = (env['WORKSHOP_LOG'] ?? 'WARN') as LogLevel;
  if (!wantsJson(env)) return new WorkerLog(level);
  return new WorkerLog(level, (entry) => void process.stderr.write(`${logLine(entry)}\n`));
}

/** Says on stdout, in the format of the log, that a worker takes work. */
export function sayReady(env: NodeJS.ProcessEnv, message: string): void {
  const timestampNanos = BigInt(Date.now()) * 1_000_000n;
  process.stdout.write(`${wantsJson(env) ? logLine({ level: 'INFO', message, timestampNanos }) : message}\n`);
}

function wantsJson({ [FORMAT]: format = 'text' }: NodeJS.ProcessEnv): boolean {
  if (format === 'json') return true;
  if (format === 'text' || format === '') return false;
  throw new WrongSettings(`${FORMAT} is "${format}", but can only be json, or text as without it.`);
}

const NANOS_PER_MS = 1_000_000n;
const WORKFLOW = /^workshop\/(?<workshop>[^/]+)(?:\/attendee\/(?<seat>[^/]+))?/;
const ADDRESS = /[^\s@<>"'(),;:=[\]{}]+@[^\s@<>"'(),;:=[\]{}]+/g;

/** What is passed on beside the message: names and numbers of the program's own, and nothing that people typed. */
const PASSED_ON = ['workflowType', 'workflowId', 'runId', 'activityType', 'taskQueue', 'attempt', 'target'] as const;

/** One line of JSON, without anybody's address, whatever the message or an error's text holds. */
export function logLine({ level, message, timestampNanos, meta = {} }: LogEntry): string {
  const { workshop, seat } = WORKFLOW.exec(textOf(meta['workflowId']) ?? '')?.groups ?? {};
  return JSON.stringify(
    {
      time: new Date(Number(timestampNanos / NANOS_PER_MS)).toISOString(),
      level,
      message,
      workshop,
      seat,
      ...Object.fromEntries(PASSED_ON.map((name) => [name, textOf(meta[name])])),
      error: errorOf(meta['error']),
    },
    (_key, value: unknown) => (typeof value === 'string' ? value.replaceAll(ADDRESS, '<address>') : value),
  );
}

/** Not what an object is called: it may hold anything. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? `${value}` : undefined;
}

const DEEPEST = 5;

/** With the stack, and what it came of. */
function errorOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error)) return textOf(error);
  const { stack, message, cause } = error;
  const why = depth < DEEPEST ? errorOf(cause, depth + 1) : undefined;
  return `${stack ?? message}${why === undefined ? '' : `\nbecause of ${why}`}`;
}

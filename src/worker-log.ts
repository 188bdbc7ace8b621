import { DefaultLogger, type LogLevel, type LogMetadata } from '@temporalio/worker';

/** What the SDK warns of at every start: here each queue has a worker of its own, and that is meant. */
const MEANT = [
  'No activities registered, not polling for activity tasks',
  'No workflows registered, not polling for workflow tasks',
];

/** To stderr, without warnings of what is meant to be so. */
export class WorkerLog extends DefaultLogger {
  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (!MEANT.includes(message)) super.log(level, message, meta);
  }
}

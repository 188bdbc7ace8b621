import { DefaultLogger, type LogLevel, type LogMetadata } from '@temporalio/worker';
import { WrongSettings } from './temporal/client-errors.ts';

/** What the SDK warns of at every start: here each queue has a worker of its own, and that is meant. */
const MEANT = [
  'No activities registered, not polling for activity tasks',
  'No workflows registered, not polling for workflow tasks',
];

/** To stderr, without warnings of what is meant to be so, and without a stack where a setting is wrong. */
export class WorkerLog extends DefaultLogger {
  override log(level: LogLevel, message: string, meta?: LogMetadata): void {
    if (MEANT.includes(message)) return;
    const error: unknown = meta?.['error'];
    if (error instanceof WrongSettings) super.log(level, `${error.message} Until then this waits: nothing is lost.`);
    else super.log(level, message, meta);
  }
}

import type { ClientInterceptors } from '@temporalio/client';
import type { TraceOfCommand } from '../traces/of-command.ts';
import { tracesWanted } from '../traces/wanted.ts';

/** A span of weeks tells nothing, and a worker has its own. */
const UNTIL_STOPPED = ['worker', 'web', 'local', 'sandbox', 'codec'];

let trace: TraceOfCommand | undefined;

const warn = (words: string): void => void process.stderr.write(`${words}\n`);

/** Does what a command does, within a span of its own where traces are sent. */
export async function traced<T>(name: string | undefined, act: () => Promise<T>): Promise<T> {
  if (name === undefined || UNTIL_STOPPED.includes(name) || !tracesWanted(process.env, warn)) return act();
  const { TraceOfCommand: Trace } = await import('../traces/of-command.ts');
  trace = new Trace();
  return trace.during(name, act);
}

/** For the client of a command that is traced. */
export const interceptorsOfCommand = (): ClientInterceptors | undefined => trace?.client;

/** The command that is traced is about this workshop. */
export const aboutWorkshop = (id: string): void => trace?.about(id);

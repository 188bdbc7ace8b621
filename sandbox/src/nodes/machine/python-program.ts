import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { MarkedOutput } from './marked-output.ts';
import type { PythonTask, RunningTask, TaskOutcome } from '../nodes.ts';
import type { Machine } from './machine.ts';

/** What a notebook can ask its surroundings. */
export interface Context {
  readonly host: string;
  /** Of the user it runs as. */
  readonly token: string;
  readonly clusterId: string;
  readonly workspaceId: string;
}

const report = z.object({
  done: z.boolean(),
  exitValue: z.string().optional(),
  error: z.string().optional(),
  trace: z.string().optional(),
});

type Report = z.output<typeof report>;

const COMMAND = ['/databricks/python3/bin/python', '-u', '/run/node-python.py'];

/** Runs a Python file or a notebook to its end. */
export function runPython(
  machine: Machine,
  env: Readonly<Record<string, string>>,
  task: PythonTask,
  context: Context,
): RunningTask {
  const marker = randomUUID();
  const { name, source, widgets, arguments: args } = task;
  const printed = new MarkedOutput(marker);
  let last: Report | undefined;
  const program = machine.run({
    argv: COMMAND,
    env,
    cwd: '/databricks',
    input: `${JSON.stringify({ ...context, marker, name, source, widgets, arguments: args })}\n`,
    onOutput(stream, text) {
      if (stream === 'stdout') last = printed.add(text).map(read).at(-1) ?? last;
    },
  });
  const withoutNews = (stdout: string): string => stdout.replaceAll(new RegExp(`\\n${marker}.*\\n`, 'g'), '');
  return {
    started: program.started,
    ended: program.ended.then(({ code, stdout, stderr }) => taskOutcome(last, code, withoutNews(stdout), stderr)),
    cancel: () => program.stop(),
  };
}

function taskOutcome(last: Report | undefined, code: number, stdout: string, stderr: string): TaskOutcome {
  const output = [stdout, stderr].filter((text) => text !== '').join('\n');
  if (last?.done) return { succeeded: true, output, exitValue: last.exitValue };
  if (last) return { succeeded: false, output, error: last.error ?? 'failed', trace: last.trace };
  return {
    succeeded: false,
    output,
    error: code < 0 ? `The process was ended by signal ${-code}.` : `The process ended with exit code ${code}.`,
    trace: stderr,
  };
}

/** What was told behind a marker; whoever is root on the node can put nonsense there. */
function read(json: string): Report {
  try {
    return report.parse(JSON.parse(json));
  } catch {
    return { done: false, error: 'What came of it could not be read: it is too long, or no JSON.' };
  }
}

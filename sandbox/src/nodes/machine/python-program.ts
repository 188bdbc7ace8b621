import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { MarkedOutput } from './marked-output.ts';
import type { CommandOutcome, Interpreter, PythonTask, RunningTask, TaskOutcome } from '../nodes.ts';
import type { Machine, RunningProgram } from './machine.ts';

/** What a notebook can ask its surroundings. */
export interface Context {
  readonly host: string;
  /** Of the user it runs as. */
  readonly token: string;
  readonly clusterId: string;
  readonly workspaceId: string;
}

const told = z.object({
  done: z.boolean(),
  exitValue: z.string().optional(),
  error: z.string().optional(),
  trace: z.string().optional(),
});

type Told = z.output<typeof told>;

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
  let last: Told | undefined;
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

function taskOutcome(last: Told | undefined, code: number, stdout: string, stderr: string): TaskOutcome {
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
function read(json: string): Told {
  try {
    return told.parse(JSON.parse(json));
  } catch {
    return { done: false, error: 'What came of it could not be read: it is too long, or no JSON.' };
  }
}

/** A Python process, or one that hands every command to bash, that keeps what commands leave behind. */
export function openInterpreter(
  machine: Machine,
  env: Readonly<Record<string, string>>,
  language: 'python' | 'sh',
  context: Context,
): Interpreter {
  const marker = randomUUID();
  const printed = new MarkedOutput(marker);
  let waiting: ((outcome: CommandOutcome) => void) | undefined;
  const finish = (outcome: CommandOutcome): void => {
    const resolve = waiting;
    waiting = undefined;
    resolve?.(outcome);
  };
  const program: RunningProgram = machine.run({
    argv: COMMAND,
    env,
    cwd: '/databricks',
    onOutput(stream, text) {
      if (stream === 'stderr') {
        printed.keep(text);
        return;
      }
      const last = printed.add(text).map(read).at(-1);
      if (!last) return;
      const output = printed.take();
      finish(
        last.done
          ? { output }
          : { output, error: { summary: last.error ?? 'failed', cause: [output, last.trace ?? ''].join('') } },
      );
    },
  });
  program.write(`${JSON.stringify({ ...context, marker, language, interactive: true })}\n`);
  let isOver = false;
  void program.ended.then(({ code }) => {
    isOver = true;
    return finish({
      output: printed.take(),
      error: { summary: 'The interpreter ended.', cause: `The interpreter ended with exit code ${code}.` },
    });
  });
  let before: Promise<unknown> = Promise.resolve();
  return {
    execute(code) {
      const mine = before.then(
        () =>
          new Promise<CommandOutcome>((resolve) => {
            if (isOver) {
              resolve({
                output: '',
                error: { summary: 'The interpreter ended.', cause: 'The execution context is gone: create a new one.' },
              });
              return;
            }
            waiting = resolve;
            program.write(`${JSON.stringify({ code })}\n`);
          }),
      );
      before = mine;
      return mine;
    },
    close: () => program.stop(),
  };
}

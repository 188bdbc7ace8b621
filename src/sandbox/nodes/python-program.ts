import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CommandOutcome, Interpreter, PythonTask, RunningTask, TaskOutcome } from './nodes.ts';
import type { Machine, RunningProgram } from './machine.ts';

/** What a notebook can ask its surroundings. */
export interface Context {
  readonly host: string;
  /** Of the user it runs as. */
  readonly token: string;
  readonly clusterId: string;
  readonly workspaceId: string;
}

const told = z.object({ done: z.boolean(), exitValue: z.string().optional(), error: z.string().optional(), trace: z.string().optional() });

type Told = z.output<typeof told>;

const COMMAND = ['/databricks/python3/bin/python', '-u', '/run/node-python.py'];

/** Runs a Python file or a notebook to its end. */
export function runPython(machine: Machine, env: Readonly<Record<string, string>>, task: PythonTask, context: Context): RunningTask {
  const marker = randomUUID();
  const { name, source, widgets, arguments: args } = task;
  const program = machine.run({ argv: COMMAND, env, cwd: '/databricks', input: `${JSON.stringify({ ...context, marker, name, source, widgets, arguments: args })}\n` });
  return { started: program.started, ended: program.ended.then(({ code, stdout, stderr }) => taskOutcome(marker, code, stdout, stderr)), cancel: () => program.stop() };
}

function taskOutcome(marker: string, code: number, stdout: string, stderr: string): TaskOutcome {
  const { plain, news } = split(marker, stdout);
  const last = news.at(-1);
  const output = [plain, stderr].filter((text) => text !== '').join('\n');
  if (last?.done) return { succeeded: true, output, exitValue: last.exitValue };
  if (last) return { succeeded: false, output, error: last.error ?? 'failed', trace: last.trace };
  return { succeeded: false, output, error: code < 0 ? `The process was ended by signal ${-code}.` : `The process ended with exit code ${code}.`, trace: stderr };
}

/** Takes the lines that begin with the marker out of what was printed. */
function split(marker: string, stdout: string): { plain: string; news: Told[] } {
  const news: Told[] = [];
  const plain = stdout.replaceAll(new RegExp(`\\n${marker}(.*)\\n`, 'g'), (_, json: string) => {
    const read = told.safeParse(parsed(json));
    if (read.success) news.push(read.data);
    return '';
  });
  return { plain, news };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** A Python process, or one that hands every command to bash, that keeps what commands leave behind. */
export function openInterpreter(machine: Machine, env: Readonly<Record<string, string>>, language: 'python' | 'sh', context: Context): Interpreter {
  const marker = randomUUID();
  let said = '';
  let waiting: ((outcome: CommandOutcome) => void) | undefined;
  const finish = (outcome: CommandOutcome): void => {
    said = '';
    const resolve = waiting;
    waiting = undefined;
    resolve?.(outcome);
  };
  const program: RunningProgram = machine.run({
    argv: COMMAND,
    env,
    cwd: '/databricks',
    onOutput(_, text) {
      said += text;
      const { plain, news } = split(marker, said);
      const last = news.at(-1);
      if (last?.done) finish({ output: plain });
      else if (last) finish({ output: plain, error: { summary: last.error ?? 'failed', cause: [plain, last.trace ?? ''].join('') } });
    },
  });
  program.write(`${JSON.stringify({ ...context, marker, language, interactive: true })}\n`);
  let isOver = false;
  void program.ended.then(({ code }) => {
    isOver = true;
    return finish({ output: said, error: { summary: 'The interpreter ended.', cause: `The interpreter ended with exit code ${code}.` } });
  });
  let before: Promise<unknown> = Promise.resolve();
  return {
    execute(code) {
      const mine = before.then(
        () =>
          new Promise<CommandOutcome>((resolve) => {
            if (isOver) {
              resolve({ output: '', error: { summary: 'The interpreter ended.', cause: 'The execution context is gone: create a new one.' } });
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

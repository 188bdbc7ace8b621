import { createInterface } from 'node:readline/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { Interrupted, WrongInput } from '../input/exit.ts';

/** Where a person is asked. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & Pick<Partial<ReadStream>, 'isTTY'>;
  readonly output: NodeJS.WritableStream & Pick<Partial<WriteStream>, 'isTTY'>;
}

/**
 * Waits for a typed yes. Where nobody can type, only `--yes` will do: a script must say what it means.
 * @throws {WrongInput} without a yes, {Interrupted} at Ctrl-C; nothing has been done then.
 */
export async function confirm(
  question: string,
  yes: boolean | undefined,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (yes) return;
  if (!input.isTTY)
    throw new WrongInput('Nobody is at a terminal to say yes: add --yes if you mean it. Nothing was done.');
  const terminal = createInterface({ input, output });
  const stop = new AbortController();
  let interrupted = false;
  terminal.once('SIGINT', () => {
    interrupted = true;
    stop.abort();
  });
  terminal.once('close', () => stop.abort());
  try {
    const answer = await terminal.question(`${question} Type yes to go on: `, { signal: stop.signal }).catch(() => '');
    // The next words belong on a line of their own.
    if (stop.signal.aborted) output.write('\n');
    if (interrupted) throw new Interrupted('Interrupted. Nothing was done.');
    if (answer.trim().toLowerCase() !== 'yes') throw new WrongInput('Not confirmed. Nothing was done.');
  } finally {
    terminal.close();
  }
}

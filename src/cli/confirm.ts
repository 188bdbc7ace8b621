import { createInterface } from 'node:readline/promises';
import { WrongInput } from './exit.ts';

/**
 * Waits for a typed yes. Where nobody can type, only `--yes` will do: a script must say what it means.
 * @throws {WrongInput} without a yes; nothing has been done then.
 */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new WrongInput('Nobody is at a terminal to say yes: add --yes if you mean it. Nothing was done.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  terminal.once('SIGINT', () => stop.abort());
  terminal.once('close', () => stop.abort());
  try {
    const answer = await terminal.question(`${question} Type yes to go on: `, { signal: stop.signal }).catch(() => '');
    if (answer.trim().toLowerCase() !== 'yes') throw new WrongInput('Not confirmed. Nothing was done.');
  } finally {
    terminal.close();
  }
}

import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished } from 'vitest';

/** A program that believes that somebody sits before it. */
export interface Terminal {
  /** All that it has shown, without colours and without spaces, which a screen makes by moving about. */
  readonly shown: () => string;
  readonly type: (keys: string) => void;
  /** Waits until it shows this. @throws with all that it did show. */
  readonly until: (words: string, limitMs: number) => Promise<void>;
  /** Its exit status, or undefined while it runs. */
  readonly ended: () => number | null | undefined;
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
/** What a screen's words are compared by. */
export const closeUp = (text: string): string => stripVTControlCharacters(text).replaceAll(/\s/g, '');

/** Starts it by `script`, in a terminal of its own; ended with the test. */
export function inTerminal(program: string, args: readonly string[]): Terminal {
  const child = spawn('script', ['-qfec', [program, ...args].map(quoted).join(' '), '/dev/null'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  let code: number | null | undefined;
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
  child.on('exit', (status) => (code = status));
  child.stdin.on('error', () => undefined);
  onTestFinished(() => {
    if (code === undefined && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  const shown = (): string => closeUp(Buffer.from(output, 'latin1').toString());
  return {
    shown,
    type: (keys) => child.stdin.write(keys),
    ended: () => code,
    async until(words, limitMs) {
      const began = performance.now();
      while (!shown().includes(closeUp(words))) {
        if (code !== undefined || performance.now() - began > limitMs)
          throw new Error(`"${words}" was not shown (exit status ${code}). Shown was: ${shown().slice(-3_000)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

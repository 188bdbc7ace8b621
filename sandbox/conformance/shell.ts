import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Order } from './client.ts';

const DEADLINE = 60_000;
/** For output that is still on its way when the client has ended. */
const LAST_WORDS = 1_000;

export interface Ended {
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Carries a script out in a shell of its own. Never throws: what goes wrong is in the outcome. */
export async function runShell({ script, folder, env }: Order): Promise<Ended> {
  mkdirSync(env['HOME'] ?? folder, { recursive: true });
  return new Promise((done) => {
    // A group of its own, so that nothing it started survives the deadline.
    const child = spawn('sh', ['-c', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let stdout = '';
    let stderr = '';
    let exit: number | string = 'not started';
    let late = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const deadline = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, DEADLINE);
    const end = (): void => {
      clearTimeout(deadline);
      done({
        exit: late ? `no end after ${DEADLINE / 1_000} s` : exit,
        stdout: stdout.trimEnd(),
        stderr: stderr.trimEnd(),
      });
    };
    child.once('error', (error) => {
      exit = error.message;
      end();
    });
    child.once('exit', (code, signal) => {
      exit = code ?? `stopped by ${signal}`;
      // What a client leaves running in the background may hold its output open.
      setTimeout(end, LAST_WORDS).unref();
    });
    child.once('close', end);
  });
}

/** JSON where it is JSON, else the text. */
export function readOutput(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

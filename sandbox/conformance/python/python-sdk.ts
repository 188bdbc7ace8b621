import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AbsentClient, Client } from '../client.ts';
import { isAtLeast } from '../versions.ts';
import { findPython } from './venv.ts';

const DEADLINE = 45_000;

/**
 * The Python SDK, in one process for all areas: to load it takes longer than a case. Cases are snippets, see
 * session.py; the outcome is a value or an error.
 */
export async function openPythonSdk(): Promise<Client | AbsentClient> {
  const name = 'databricks-sdk for Python';
  const found = await findPython();
  if ('reason' in found) return { name, absent: found.reason };

  const child = spawn(found.path, ['-u', join(import.meta.dirname, 'session.py')], {
    env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), LANG: 'C.UTF-8', DATABRICKS_CONFIG_FILE: '/dev/null' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // That it has ended is said by the answer that does not come.
  child.stdin.on('error', () => {});
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-2_000)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const broken = once(child, 'error').then(() => ({ value: '', done: true }));
  const next = async (): Promise<Record<string, unknown>> => {
    const { value, done } = await Promise.race([lines.next(), broken]);
    return done
      ? { error: { type: 'SessionEnded', message: complaints.trim() } }
      : (JSON.parse(value) as Record<string, unknown>);
  };

  const { version, error } = await next();
  if (typeof version !== 'string') return { name, absent: `it does not load: ${JSON.stringify(error)}` };
  return {
    name: `${name} ${version}`,
    usual: { error: '<absent>' },
    lacks: ({ since }) => (since === undefined || isAtLeast(version, since) ? undefined : `it needs ${since} or newer`),
    async run({ area, script, env }) {
      child.stdin.write(`${JSON.stringify({ area, script, env })}\n`);
      // The answer to a snippet that hangs would be taken for that of the next one.
      const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE);
      const outcome = await next();
      clearTimeout(deadline);
      return outcome;
    },
    close: () => child.kill(),
  };
}

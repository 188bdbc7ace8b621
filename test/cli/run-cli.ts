import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { exampleWith } from '../domain/example-plan.ts';

export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person would, with nobody at the terminal and nothing in the environment but what is given. */
export function workshop(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      // A home of its own: no profile of whoever runs the tests.
      env: { PATH: process.env['PATH'], HOME: tmpdir(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', fail);
    child.once('close', (code) => settle({ code, stdout, stderr }));
  });
}

/** A folder that goes when the test does. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-cli-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The example plan with some lines replaced, and its roster, as files. */
export function planFiles(replacements: readonly (readonly [string, string])[] = [], roster = 'ann@example.com\nbo@example.com\n'): string {
  const folder = scratch();
  writeFileSync(join(folder, 'attendees.txt'), roster);
  writeFileSync(join(folder, 'plan.yaml'), exampleWith(...replacements));
  return join(folder, 'plan.yaml');
}

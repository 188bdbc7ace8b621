import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { cacheFolder } from '../../src/cache-folder.ts';
import { exampleWith } from '../domain/plan/example-plan.ts';
import { runProgram, type Outcome } from '../run-program.ts';

export type { Outcome };

export const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the command as a person would, with nobody at the terminal and nothing in the environment but what is given. */
export function workshop(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  // A home of its own: no profile of whoever runs the tests.
  return runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    PATH: process.env['PATH'],
    HOME: tmpdir(),
    // As set-up/run does: the sources are read hundreds of times.
    NODE_COMPILE_CACHE: join(cacheFolder(), 'node'),
    ...env,
  });
}

/** A folder that goes when the test does. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-cli-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The example plan with some lines replaced, and its roster, as files. */
export function planFiles(
  replacements: readonly (readonly [string, string])[] = [],
  roster = 'ann@example.com\nbo@example.com\n',
): string {
  const folder = scratch();
  writeFileSync(join(folder, 'attendees.txt'), roster);
  writeFileSync(join(folder, 'plan.yaml'), exampleWith(...replacements));
  return join(folder, 'plan.yaml');
}

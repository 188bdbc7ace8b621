import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnPath } from '../src/executable.ts';
import { findTemporal } from '../src/cli/downloads/temporal-binary.ts';
import { findTestServer } from '../src/cli/downloads/test-server-binary.ts';
import { shellScripts } from './shell-scripts.ts';
import { withoutAmbient } from './without-ambient.ts';

// What `npm test` runs: the servers that tests need, then every check, cheapest first; the first failure ends it.

const root = fileURLToPath(new URL('..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');

const env = withoutAmbient({ ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}` });

interface Stage {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const stages: Stage[] = [
  { name: 'format', command: join(binaries, 'oxfmt'), args: ['--check', '.'] },
  { name: 'types', command: join(binaries, 'tsc'), args: ['--noEmit'] },
  { name: 'lint', command: join(binaries, 'oxlint'), args: ['--type-aware', '--deny-warnings'] },
];
const shellcheck = findOnPath('shellcheck', process.env['PATH']);
if (shellcheck !== undefined) stages.push({ name: 'shell scripts', command: shellcheck, args: shellScripts(root) });
stages.push({ name: 'tests', command: join(binaries, 'vitest'), args: ['run', ...process.argv.slice(2)] });

function heading(text: string): void {
  process.stdout.write(`\n── ${text}\n`);
}

/** The last line of a run that never got to the tests, in the words of a test runner. */
function failBeforeTests(passed: number): never {
  process.stdout.write(`\n${passed} passed, 1 failed\n`);
  process.exit(1);
}

heading('servers');
let passed = 0;
try {
  const temporal = await findTemporal({ env });
  const testServer = await findTestServer({ env });
  process.stdout.write(
    `Temporal: ${temporal.path} (${temporal.source})\nTest server: ${testServer.path} (${testServer.source})\n`,
  );
  passed += 1;
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  failBeforeTests(passed);
}

for (const { name, command, args } of stages) {
  heading(name);
  const { status, signal, error } = spawnSync(command, args, { cwd: root, env, stdio: 'inherit' });
  if (status === 0) {
    passed += 1;
    continue;
  }
  if (error) process.stdout.write(`${command}: ${error.message}\n`);
  // vitest has printed its own summary, and that is to be the end.
  if (name === 'tests' && status !== null) process.exit(status);
  if (signal) process.stdout.write(`${name} was stopped by ${signal}\n`);
  failBeforeTests(passed);
}

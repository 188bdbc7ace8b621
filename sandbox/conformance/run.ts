import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutAmbient } from '../../test/without-ambient.ts';

// What `npm run conformance` runs: the clients that this machine has, against the sandbox. Arguments go to vitest.

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaries = join(root, 'node_modules', '.bin');
const env = withoutAmbient({ ...process.env, PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}` });

const { status, error } = spawnSync(
  join(binaries, 'vitest'),
  ['run', '--project', 'conformance', ...process.argv.slice(2)],
  { cwd: root, env, stdio: 'inherit' },
);
if (error) process.stderr.write(`vitest does not start: ${error.message}\n`);
process.exit(status ?? 1);

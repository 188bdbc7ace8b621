import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { lockedDigests, pythonWheels, WHEELS_LOCK } from '../../../src/cli/bundle/python-wheels.ts';
import { scratch } from '../run-cli.ts';

const REQUIREMENTS = fileURLToPath(new URL('../../../init-scripts/exercise/requirements.txt', import.meta.url));
const lock = readFileSync(WHEELS_LOCK, 'utf8');

it('every package of the exercise is in the lock in its version, and every one there has a digest', () => {
  for (const named of readFileSync(REQUIREMENTS, 'utf8').trim().split('\n')) expect(lock).toContain(`\n${named} \\\n`);
  const entries = lock.split(/^(?=[\w-]+==)/m).slice(1);
  expect(entries.length).toBeGreaterThan(10);
  for (const entry of entries) expect(entry).toMatch(/^[\w-]+==[\w.]+ (\\\n {2}--hash=sha256:[0-9a-f]{64} ?)+\n$/);
  expect(new Set(lockedDigests()).size).toBe(lockedDigests().length);
});

/** A python3 that stands for pip: notes what it was asked, and fetches nothing. */
function stubbed(): { env: NodeJS.ProcessEnv; asked: () => string } {
  const folder = scratch();
  const notes = join(folder, 'asked');
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'python3'), `#!/bin/sh\necho "$@" >> '${notes}'\nexit 1\n`, { mode: 0o755 });
  return {
    env: { PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:/bin:/usr/bin`, XDG_CACHE_HOME: folder },
    asked: () => readFileSync(notes, 'utf8'),
  };
}

it('pip fetches what the lock says, by its digests', async () => {
  const { env, asked } = stubbed();
  expect(await pythonWheels(REQUIREMENTS, { env, report: () => {} })).toMatchObject({
    reason: expect.stringContaining('pip could not fetch them'),
  });
  expect(asked()).toContain(`--require-hashes --requirement ${WHEELS_LOCK}`);
});

it('what lies in the cache and is not in the lock is fetched anew', async () => {
  const { env, asked } = stubbed();
  await pythonWheels(REQUIREMENTS, { env, report: () => {} });
  const folders = asked().match(/\S*wheelhouse-\w+(?=\.staging)/)?.[0] ?? '';
  mkdirSync(folders, { recursive: true });
  writeFileSync(join(folders, 'plotly-6.3.0-py3-none-any.whl'), 'not what it was');
  expect(await pythonWheels(REQUIREMENTS, { env, report: () => {} })).toHaveProperty('reason');
});

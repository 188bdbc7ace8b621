import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../scratch.ts';
import { INIT_SCRIPTS } from '../workshop-node.ts';

const SHELL = join(INIT_SCRIPTS, 'lib', 'shell.sh');

/** Where a session finds databricks; nothing where it does not. */
function found(env: Readonly<Record<string, string>>): string {
  const typed = `. ${SHELL}; command -v databricks || true`;
  const bare = { PATH: '/usr/bin:/bin', HOME: '/nonexistent' };
  return execFileSync('sh', ['-euc', typed], { encoding: 'utf8', env: { ...bare, ...env } }).trim();
}

function program(name: string, mode: number): string {
  const path = join(scratchFolder(), 'tools', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n', { mode });
  return path;
}

test('the databricks program that the tunnel brings along is found by its name', () => {
  const cli = program('databricks', 0o755);
  expect(found({ DATABRICKS_CLI_PATH: cli })).toBe(cli);
});

test('an own one comes first, and what cannot be run is left', () => {
  const own = program('databricks', 0o755);
  const cli = program('databricks', 0o755);
  expect(found({ PATH: `${dirname(own)}:/usr/bin:/bin`, DATABRICKS_CLI_PATH: cli })).toBe(own);
  expect(found({ DATABRICKS_CLI_PATH: program('databricks', 0o644) })).toBe('');
  expect(found({ DATABRICKS_CLI_PATH: program('other', 0o755) })).toBe('');
  expect(found({})).toBe('');
});

import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { findOnPath } from '../../../src/executable.ts';
import type { AbsentClient, Client } from '../client.ts';
import { readOutput, runShell } from '../shell.ts';
import { isAtLeast } from '../versions.ts';

/** The first version that was not the old command line written in Python, which shares its name. */
const OLDEST = '0.205';

/**
 * The `databricks` command line: DATABRICKS_CLI, or what the PATH has. Cases are shell scripts; their outcome is
 * exit, stdout and stderr.
 */
export function findCli(env: NodeJS.ProcessEnv = process.env): Client | AbsentClient {
  const name = 'databricks CLI';
  const path = env['DATABRICKS_CLI'] || findOnPath('databricks', env['PATH']);
  if (path === undefined)
    return { name, absent: 'it is not on the PATH: install it, or set DATABRICKS_CLI to where it is' };
  let version: string;
  try {
    version = execFileSync(path, ['--version'], {
      encoding: 'utf8',
      env: { PATH: env['PATH'], HOME: tmpdir() },
    }).trim();
  } catch (error) {
    return { name, absent: `${path} --version fails: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isAtLeast(version, OLDEST)) return { name, absent: `${path} is ${version}, older than ${OLDEST}` };

  // A folder with this name only, so that no other `databricks` is found first.
  const folder = mkdtempSync(join(tmpdir(), 'conformance-cli-'));
  symlinkSync(path, join(folder, 'databricks'));
  return {
    name: version,
    usual: { exit: 0, stderr: '' },
    lacks: ({ since }) => (since === undefined || isAtLeast(version, since) ? undefined : `it needs ${since} or newer`),
    async run(order) {
      const { exit, stdout, stderr } = await runShell({
        ...order,
        env: { ...order.env, PATH: `${folder}:${dirname(path)}:${order.env['PATH']}` },
      });
      return { exit, stdout: readOutput(stdout), stderr };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../../src/cache-folder.ts';
import { findOnPath, isExecutable } from '../../../src/executable.ts';
import { placeOnce } from '../../../src/cli/downloads/place-once.ts';
import { runCommand } from '../../../src/cli/downloads/run-command.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * The Python of a virtual environment with the SDK in it, made in the cache if it is not there; DATABRICKS_PYTHON if
 * that is set. Otherwise a sentence that says why there is none.
 */
export async function findPython(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly path: string } | { readonly reason: string }> {
  const given = env['DATABRICKS_PYTHON'];
  if (given) return { path: given };
  const python = findOnPath('python3', env['PATH']);
  if (python === undefined) return { reason: 'python3 is not on the PATH' };
  const version = await runCommand(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
    deadlineMs: 30_000,
  });
  if (!version.ok) return { reason: `python3 does not run: ${version.reason}` };

  const requirements = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const target = join(cacheFolder(env), `python-sdk-${version.output.trim()}-${requirements}`);
  const path = join(target, 'bin', 'python');
  let reason = '';
  const made =
    isExecutable(path) ||
    (await placeOnce(
      target,
      () => isExecutable(path),
      build,
      (text) => process.stdout.write(`${text}\n`),
    ));
  return made ? { path } : { reason };

  async function build(staging: string): Promise<string | undefined> {
    const venv = join(staging, 'venv');
    const created = await runCommand(python ?? '', ['-m', 'venv', venv], { deadlineMs: 120_000 });
    if (!created.ok) {
      reason = `python3 -m venv fails (on Debian it needs the package python3-venv): ${created.reason}`;
      return undefined;
    }
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    const installed = await runCommand(join(venv, 'bin', 'python'), pip, { deadlineMs: 300_000 });
    if (!installed.ok) {
      reason = `pip cannot install databricks-sdk: ${installed.reason}`;
      return undefined;
    }
    return venv;
  }
}

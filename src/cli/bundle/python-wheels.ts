import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../cache-folder.ts';
import { findOnPath } from '../../executable.ts';
import { placeOnce } from '../downloads/place-once.ts';
import { reportingWhile, toStderr, type Report } from '../downloads/download-progress.ts';
import { runCommand } from '../downloads/run-command.ts';

/** Of Databricks Runtimes 17 and later, and one before for machines like them. */
const PYTHONS = ['3.11', '3.12', '3.13'];
const DEADLINE_MS = 10 * 60_000;

/**
 * Every wheel with its SHA-256. Made anew, when requirements.txt changes, with `pip download` for each of PYTHONS as
 * below but without --require-hashes, and `sha256sum` of what came.
 */
export const WHEELS_LOCK = join(import.meta.dirname, 'exercise-wheels.txt');

/** The SHA-256 of every wheel in the lock. */
export const lockedDigests = (): string[] =>
  [...readFileSync(WHEELS_LOCK, 'utf8').matchAll(/--hash=sha256:([0-9a-f]{64})/g)].map(([, digest = '']) => digest);

/** Whether a folder holds the wheels of the lock, all of them and nothing else. */
function isAsLocked(folder: string): boolean {
  const locked = lockedDigests();
  const found = readdirSync(folder).map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
  );
  return found.length === locked.length && found.every((digest) => locked.includes(digest));
}

/** What the exercise, and the app that people make of it, want installed. */
export const EXERCISE = fileURLToPath(new URL('../../../init-scripts/exercise/requirements.txt', import.meta.url));

/** Where wheels for what a requirements.txt names lie once they were fetched. */
function placeOf(requirements: string, env: NodeJS.ProcessEnv): string {
  const digest = createHash('sha256')
    .update(readFileSync(requirements))
    .update(PYTHONS.join())
    .digest('hex')
    .slice(0, 12);
  return join(cacheFolder(env), `wheelhouse-${digest}`);
}

/** The same folder where it is there already; nothing is fetched. */
export function wheelsInCache(requirements: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = placeOf(requirements, env);
  return existsSync(folder) && isAsLocked(folder) ? folder : undefined;
}

/**
 * Folder of wheels for what a requirements.txt names, on Linux x86_64: from the cache, or through pip. Each is what the
 * lock says, to the last bit: they run on everybody's cluster. A sentence when it cannot be had.
 */
export async function pythonWheels(
  requirements: string,
  { env = process.env, report = toStderr }: { env?: NodeJS.ProcessEnv; report?: Report } = {},
): Promise<{ readonly folder: string } | { readonly reason: string }> {
  const folder = placeOf(requirements, env);
  let reason = '';
  const isThere = () => existsSync(folder) && isAsLocked(folder);
  return isThere() || (await placeOnce(folder, isThere, fetch, report)) ? { folder } : { reason };

  async function fetch(staging: string): Promise<string | undefined> {
    const python = findOnPath('python3', env['PATH']);
    if (python === undefined) {
      reason = 'python3 is not on the PATH';
      return undefined;
    }
    const wheels = join(staging, 'wheels');
    mkdirSync(wheels);
    for (const version of PYTHONS) {
      const fetched = await reportingWhile(
        `Fetching the exercise's packages for Python ${version}`,
        report,
        runCommand(
          python,
          [
            '-m',
            'pip',
            'download',
            '--quiet',
            '--disable-pip-version-check',
            '--only-binary=:all:',
            '--platform',
            'manylinux2014_x86_64',
            '--python-version',
            version,
            '--dest',
            wheels,
            '--require-hashes',
            '--requirement',
            WHEELS_LOCK,
          ],
          { env, deadlineMs: DEADLINE_MS },
        ),
      );
      if (!fetched.ok) {
        reason = `pip could not fetch them: ${fetched.reason}`;
        return undefined;
      }
    }
    return wheels;
  }
}

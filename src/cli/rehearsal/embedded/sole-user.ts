import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../../set-up/lock.mjs';

/**
 * Runs `work` as the only program that uses a folder: two Temporal servers on one database would spoil it. A program
 * that was killed on this machine leaves nothing behind that is in the way.
 * @throws whatever `refusal` makes of the program that uses it already, like `process 4711`, and of the file that says
 * so.
 */
export function asSoleUser<T>(
  folder: string,
  work: () => Promise<T>,
  refusal: (user: string, lock: string) => Error,
): Promise<T> {
  const lock = join(folder, 'in-use.lock');
  return withLock(lock, work, () => {
    throw refusal(userOf(lock), lock);
  });
}

function userOf(lock: string): string {
  try {
    const { pid, host } = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; host: string };
    return `process ${pid}${host === hostname() ? '' : ` on ${host}`}`;
  } catch {
    // It ended, or began, at this very moment.
    return 'another process';
  }
}

import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from '../../../set-up/lock.mjs';
import type { Report } from './download-progress.ts';

/**
 * Puts something expensive into the cache once, however many processes ask at the same time. `make` works in a
 * staging folder and returns the file or folder in it that is to become `target`; the last step is a rename, so
 * `target` is whole or absent. Returns false when `make` returned undefined.
 */
export async function placeOnce(
  target: string,
  isThere: () => boolean,
  make: (staging: string) => Promise<string | undefined>,
  report: Report,
): Promise<boolean> {
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  return withLock(
    join(folder, `${basename(target)}.lock`),
    async () => {
      if (isThere()) return true;
      const staging = mkdtempSync(join(folder, `${basename(target)}.staging-`));
      try {
        const made = await make(staging);
        if (made === undefined) return false;
        // What stands there is damaged, or isThere would have said so.
        rmSync(target, { recursive: true, force: true });
        renameSync(made, target);
        return true;
      } finally {
        rmSync(staging, { recursive: true, force: true });
      }
    },
    () => report(`Another process is fetching ${basename(target)}; waiting for it to finish.`),
  );
}

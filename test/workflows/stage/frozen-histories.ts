import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Histories of released versions, below the folder of all recordings; nothing in it ever changes. */
export const FROZEN = 'frozen';
/** As `sha256sum` writes it, and can check it: one line a file. */
const LIST = 'frozen.sha256';

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((file) => file.split('\\').join('/'))
        .filter((file) => file.endsWith('.json'))
        .toSorted()
    : [];

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** path → hash, of every file that was ever frozen. */
function listed(histories: string): ReadonlyMap<string, string> {
  const list = join(histories, LIST);
  const lines = existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n').filter(Boolean) : [];
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

export const isFrozen = (histories: string, version: string): boolean => existsSync(join(histories, FROZEN, version));

/**
 * Keeps the recordings of a version for good. @throws when that version was frozen before: workshops that it began may
 * still be running.
 */
export function freeze(histories: string, version: string): number {
  if (isFrozen(histories, version)) throw new Error(`the histories of ${version} are frozen already`);
  const files = filesBelow(histories).filter((file) => !file.startsWith(`${FROZEN}/`));
  for (const file of files) {
    const kept = posix.join(FROZEN, version, file);
    cpSync(join(histories, file), join(histories, kept));
    appendFileSync(join(histories, LIST), `${hashOf(join(histories, kept))}  ${kept}\n`);
  }
  return files.length;
}

/** What is not as it was frozen, in sentences. */
export function notAsFrozen(histories: string): string[] {
  const known = listed(histories);
  const there = filesBelow(join(histories, FROZEN)).map((file) => posix.join(FROZEN, file));
  return [
    ...[...known].flatMap(([file, hash]) => {
      if (!there.includes(file)) return [`${file} is gone`];
      return hashOf(join(histories, file)) === hash ? [] : [`${file} is not as it was frozen`];
    }),
    ...there.filter((file) => !known.has(file)).map((file) => `${file} is not in ${LIST}`),
  ];
}

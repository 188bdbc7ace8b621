import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { BUNDLE } from '../domain/replayed/made/claude-code.ts';
import { tarArchive } from './tar-archive.ts';

/** A file for the scripts volume; `name` is its path below the volume. */
export interface StagedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Of init-scripts/, what a cluster keeps in /opt/claude-workshop. */
const FOLDERS = ['bin', 'exercise', 'lib'];
const JOBS = 'jobs';

/** The init scripts themselves, and what jobs run in attendees' names. */
export async function initScripts(folder: string): Promise<StagedFile[]> {
  const there = await readdir(folder);
  const jobs = there.includes(JOBS)
    ? (await readdir(join(folder, JOBS))).filter((name) => name.endsWith('.py')).map((name) => `${JOBS}/${name}`)
    : [];
  const names = [...there.filter((name) => name.endsWith('.sh')), ...jobs].sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

/** The helper commands and the exercise in one archive, and its checksum after it; nothing where there are none. */
export async function onCluster(folder: string): Promise<StagedFile[]> {
  const there = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && FOLDERS.includes(entry.name))
    .map(({ name }) => name);
  if (there.length === 0) return [];
  const files = await Promise.all(
    there.map(async (name) => {
      const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
      return Promise.all(
        entries.filter(isOurs).map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          const bytes = await readFile(path);
          // By what it is and not by its mode, which gets lost in copies.
          const executable = bytes.toString('latin1', 0, 2) === '#!';
          return { path: relative(folder, path).replaceAll(sep, '/'), bytes, executable };
        }),
      );
    }),
  );
  const archive = tarArchive(files.flat());
  return [
    { name: BUNDLE.tools, bytes: archive },
    { name: BUNDLE.toolsSum, bytes: Buffer.from(`${sha256(archive)}  ${BUNDLE.tools}\n`) },
  ];
}

/** Python leaves compiled copies beside what was run from a checkout. */
const isOurs = (entry: Dirent): boolean => entry.isFile() && !entry.parentPath.endsWith('__pycache__');

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** All that comes from this checkout, in the order in which it is to be staged: a checksum after what it is of. */
export const clusterFiles = async (folder: string): Promise<StagedFile[]> => [
  ...(await onCluster(folder)),
  ...(await initScripts(folder)),
];

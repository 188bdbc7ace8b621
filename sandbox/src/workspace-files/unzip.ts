import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { isTreeName } from '../disk/tree-path.ts';
import type { TreePath } from '../disk/tree-path.ts';
import { invalidParameter } from '../http/errors.ts';

export interface ZipEntry {
  readonly names: TreePath;
  /** Undefined for a directory. */
  readonly content: Buffer | undefined;
  readonly isExecutable: boolean;
}

/** The `databricks` CLI, the largest thing that comes zipped, is 80 MB; the rest is patience with its growth. */
const LARGEST_CONTENT = 512 * 1_048_576;
const MOST_ENTRIES = 10_000;
const FILE_TYPE = 0o170_000;
const REGULAR = 0o100_000;
const DIRECTORY = 0o040_000;

/** Whether the bytes say of themselves that they are a zip. */
export const isZip = (bytes: Buffer): boolean => bytes.length >= 22 && bytes.toString('latin1', 0, 2) === 'PK';

/**
 * What a zip holds, all of it or nothing.
 * @throws 400 for a damaged or encrypted one, for names that lead elsewhere, for links and other special files, and
 * for more than 512 MB or 10,000 entries, whatever the zip says its size is.
 */
export async function unzipped(bytes: Buffer): Promise<ZipEntry[]> {
  try {
    return await entriesOf(
      await yauzl.fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true, validateEntrySizes: true }),
    );
  } catch (error) {
    throw error instanceof ZipRefused
      ? invalidParameter(`The zip file was refused: ${error.message}.`)
      : invalidParameter('The zip file may not be valid or may be an unsupported version.');
  }
}

class ZipRefused extends Error {}

async function entriesOf(zip: ZipFile): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  let room = LARGEST_CONTENT;
  for await (const entry of zip.eachEntry()) {
    const { names, isDirectory, mode } = place(entry);
    room -= entry.uncompressedSize;
    if (room < 0) throw new ZipRefused(`it holds more than ${LARGEST_CONTENT} bytes`);
    if (entries.length === MOST_ENTRIES) throw new ZipRefused(`it holds more than ${MOST_ENTRIES} entries`);
    // An entry that is longer than it says fails here, so what it says can be counted on.
    const content = isDirectory ? undefined : await buffer(await zip.openReadStreamPromise(entry));
    entries.push({ names, content, isExecutable: (mode & 0o111) !== 0 });
  }
  return entries;
}

function place(entry: Entry): { names: TreePath; isDirectory: boolean; mode: number } {
  const isDirectory = entry.fileName.endsWith('/');
  const names = entry.fileName.replace(/\/$/, '').split('/');
  if (!names.every(isTreeName)) throw new ZipRefused('a name in it leads elsewhere or cannot be stored');
  if (entry.isEncrypted()) throw new ZipRefused('it is encrypted');
  // Made where there are no modes, it has none.
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE;
  if (type !== 0 && type !== (isDirectory ? DIRECTORY : REGULAR))
    throw new ZipRefused('it holds a link or another special file');
  return { names, isDirectory, mode };
}

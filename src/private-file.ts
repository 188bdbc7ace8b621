import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';

/** For its owner alone: what is written here names people, and what became of their work. */
const FOLDER = 0o700;
const FILE = 0o600;

/** Makes a folder, and those above it, that only its owner may look into. One that is there stays as it is. */
export async function privateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER });
}

/**
 * Writes a file that only its owner may read: whole or not at all, over an earlier one. Several may write the same at
 * once.
 */
export async function writePrivately(file: string, content: string | Uint8Array): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  await writeFile(part, content, { mode: FILE });
  await rename(part, file);
}

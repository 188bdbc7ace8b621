import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bundle } from './bundle-for.ts';
import { WrongInput } from '../input/exit.ts';

/** Writes a bundle into a folder, laid out as in the volume. @throws {WrongInput} when it cannot be written. */
export async function writeBundle(
  { files }: Bundle,
  folder: string,
): Promise<{ name: string; size: number; done: string }[]> {
  try {
    for (const { name, bytes } of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), await bytes());
    }
  } catch (error) {
    throw new WrongInput(
      `The bundle cannot be written to ${folder}: ${(error as Error).message}. Name a folder of ` +
        'yours with 200 MB of room.',
    );
  }
  return files.map(({ name, size }) => ({ name, size, done: 'written' }));
}

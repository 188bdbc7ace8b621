import { mkdtemp, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { privateFolder } from '../../private-file.ts';
import { WrongInput } from './exit.ts';

/**
 * Makes a folder, and sees that it can be written before anything depends on it.
 * @throws {WrongInput} naming the option that chooses another.
 */
export async function writableFolder(given: string, option: string): Promise<string> {
  const folder = resolve(given);
  try {
    await privateFolder(folder);
    // Rights alone say too little: the disk may be mounted read-only.
    await rmdir(await mkdtemp(join(folder, '.try-')));
    return folder;
  } catch (error) {
    throw new WrongInput(
      `The folder ${folder} cannot be used: ${reasonOf(error as NodeJS.ErrnoException)}. Choose ` +
        `another with ${option}.`,
    );
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'there is a file where it should be';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not write there';
  if (code === 'EROFS') return 'its disk is read-only';
  return message;
}

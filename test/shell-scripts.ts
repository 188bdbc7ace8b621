import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['.ci', 'bin', 'set-up', 'deploy', 'init-scripts', 'laptop'];

/** Every file of the project that a POSIX shell or bash runs, as paths from the root. */
export function shellScripts(root: string): string[] {
  return FOLDERS.filter((folder) => statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory())
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => statSync(join(root, path)).isFile())
    .filter((path) => /^#!.*\b(ba)?sh\b/.test(readFileSync(join(root, path), 'utf8').split('\n', 1)[0] ?? ''));
}

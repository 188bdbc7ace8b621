import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {{version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, inBundle?: boolean}}
 * LockedPackage
 */

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes its own account of what it installed into
 * node_modules as the last step, so an interrupted installation counts as none. Both files, found to agree,
 * are kept as .cache/installed, for set-up/run to compare.
 * @param {string} root the folder with package.json
 */
export function isInstalled(root) {
  const wanted = textOf(join(root, 'package-lock.json'));
  const present = textOf(join(root, 'node_modules', '.package-lock.json'));
  if (!packagesOf(wanted))
    throw new Error(
      `package-lock.json in ${root} is missing or damaged. ` +
        'Take it from the repository again: git checkout package-lock.json',
    );
  if (!fits(packagesOf(wanted), packagesOf(present))) return false;
  keep(join(root, '.cache', 'installed'), wanted + present);
  return true;
}

/**
 * @param {Record<string, LockedPackage>} [wanted]
 * @param {Record<string, LockedPackage>} [present]
 */
function fits(wanted, present) {
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = present[path];
    // Binaries for other platforms are in the lock file and rightly absent.
    if (!found) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {string} text of a lock file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(text) {
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {string} text
 */
function keep(file, text) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch {
    // Where nothing may be written, Node looks each time.
  }
}

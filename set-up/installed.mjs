import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, inBundle?: boolean}} LockedPackage */

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes its own account of what it installed into
 * node_modules as the last step, so an interrupted installation counts as none.
 * @param {string} root the folder with package.json
 */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!wanted)
    throw new Error(
      `package-lock.json in ${root} is missing or damaged. Take it from the repository again: git checkout package-lock.json`,
    );
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!present) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = present[path];
    // Binaries for other platforms are in the lock file and rightly absent.
    if (!found) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * @param {string} lockFile
 * @returns {Record<string, LockedPackage> | undefined}
 */
function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalled } from './installed.mjs';
import { withLock } from './lock.mjs';
import { cleanInstall } from './npm.mjs';

/** Node runs TypeScript files as they are from this version on. */
const RUNS_TYPESCRIPT = 24;

/** @param {string} root */
const projectNode = (root) => join(root, 'node_modules', 'node', 'bin', 'node');

/**
 * Installs the dependencies when they are missing or differ from package-lock.json; safe to call from several
 * processes at once. Returns the path of a Node that can run the project.
 * @param {string} [root] the folder with package.json
 * @returns {Promise<string>}
 */
export async function ensureDependencies(root = fileURLToPath(new URL('..', import.meta.url))) {
  if (!isReady(root)) {
    const cache = join(root, '.cache');
    mkdirSync(cache, { recursive: true });
    await withLock(
      join(cache, 'set-up.lock'),
      async () => {
        // Whoever held the lock before us may have done it all.
        if (!isReady(root)) await cleanInstall(root);
      },
      () => process.stderr.write('Another set-up is running in this folder; waiting for it to finish.\n'),
    );
  }
  return suitableNode(root);
}

/** @param {string} root */
function isReady(root) {
  return isInstalled(root) && (existsSync(projectNode(root)) || ownVersionWillDo());
}

function ownVersionWillDo() {
  return Number.parseInt(process.versions.node, 10) >= RUNS_TYPESCRIPT;
}

/** @param {string} root */
function suitableNode(root) {
  if (existsSync(projectNode(root))) return projectNode(root);
  if (ownVersionWillDo()) return process.execPath;
  throw new Error(
    `The dependencies are installed, but not Node ${RUNS_TYPESCRIPT}: its package fetches the ` +
      'program in an install script, and this npm is told not to run those (ignore-scripts).\n' +
      'Either allow it once with: npm ci --ignore-scripts=false\nor install Node ' +
      `${RUNS_TYPESCRIPT} yourself and run this again.`,
  );
}

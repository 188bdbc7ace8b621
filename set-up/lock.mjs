import { mkdirSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname } from 'node:path';

const HEARTBEAT_MS = 2_000;
const LOOK_AGAIN_MS = 250;
/**
 * A holder on another machine (a shared folder) is given up when its heartbeat stood still this long before our eyes.
 */
const SILENCE_MS = 30_000;

/**
 * Runs `work` while no other process holds the same lock file. A lock whose process died, or whose heartbeat stands
 * still, is taken over.
 * @template T
 * @param {string} path the lock file; its folder is made if missing
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once if the lock is taken
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  const token = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  await acquire(path, token, onWait);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  const releaseOnExit = () => release(path, token);
  process.once('exit', releaseOnExit);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', releaseOnExit);
    release(path, token);
  }
}

/**
 * @param {string} path
 * @param {string} token
 * @param {(() => void) | undefined} onWait
 */
async function acquire(path, token, onWait) {
  let told = false;
  let seen = { token: '', mtime: 0, since: 0 };
  for (;;) {
    if (create(path, token)) return;
    const holder = look(path);
    if (holder) {
      // Silence is measured by our own clock from what we saw ourselves: a computer that slept is no reason to steal.
      if (holder.token !== seen.token || holder.mtime !== seen.mtime) seen = { ...holder, since: performance.now() };
      if (isDead(holder.token) || performance.now() - seen.since > SILENCE_MS) {
        removeStale(path, holder.token);
        continue;
      }
      if (!told) onWait?.();
      told = true;
    }
    await new Promise((wake) => setTimeout(wake, LOOK_AGAIN_MS));
  }
}

/**
 * @param {string} path
 * @param {string} content
 */
function create(path, content) {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function look(path) {
  try {
    return { token: readFileSync(path, 'utf8'), mtime: statSync(path).mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} token */
function isDead(token) {
  try {
    const { pid, host } = JSON.parse(token);
    if (host !== hostname()) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // A token that cannot be read may be half written: leave that to the silence rule.
    return codeOf(error) === 'ESRCH';
  }
}

/**
 * Two waiters may find the same dead lock. Only the one that creates the second file may delete, and only what it
 * has looked at again; everything in between is synchronous, so the second file lives for microseconds.
 * @param {string} path
 * @param {string} staleToken
 */
function removeStale(path, staleToken) {
  const guard = `${path}.takeover`;
  if (!create(guard, '')) {
    const abandoned = look(guard);
    if (abandoned && Date.now() - abandoned.mtime > SILENCE_MS) unlinkIfThere(guard);
    return;
  }
  try {
    if (look(path)?.token === staleToken) unlinkIfThere(path);
  } finally {
    unlinkIfThere(guard);
  }
}

/**
 * @param {string} path
 * @param {string} token
 */
function release(path, token) {
  if (look(path)?.token === token) unlinkIfThere(path);
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {string} path */
function unlinkIfThere(path) {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

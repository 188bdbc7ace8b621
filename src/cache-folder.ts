import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where what was downloaded or built stays between runs, outside of the repository: XDG_CACHE_HOME if set, else the
 * platform's usual place.
 */
export function cacheFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = env['HOME'] ?? homedir();
  const usual = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  // An empty variable counts as unset, and so does a relative one (XDG Base Directory Specification).
  const given = env['XDG_CACHE_HOME'];
  return join(given?.startsWith('/') ? given : usual, 'databricks-workshop');
}

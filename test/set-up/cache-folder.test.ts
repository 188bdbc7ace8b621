import { expect, it } from 'vitest';
import { cacheFolder } from '../../src/cache-folder.ts';

it.each([
  [{ HOME: '/home/ada' }, 'linux', '/home/ada/.cache/databricks-workshop'],
  [{ HOME: '/Users/ada' }, 'darwin', '/Users/ada/Library/Caches/databricks-workshop'],
  [{ HOME: '/Users/ada', XDG_CACHE_HOME: '/big' }, 'darwin', '/big/databricks-workshop'],
  [{ HOME: '/home/ada', XDG_CACHE_HOME: '' }, 'linux', '/home/ada/.cache/databricks-workshop'],
  [{ HOME: '/home/ada', XDG_CACHE_HOME: 'relative' }, 'linux', '/home/ada/.cache/databricks-workshop'],
] as const)('%j on %s', (env, platform, folder) => {
  expect(cacheFolder(env, platform)).toBe(folder);
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../scratch.ts';
import { TokenSearch } from './token-search.ts';

it('finds secrets that it was told of, and every token of a sandbox, in files and texts', () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'log'), `a line, then dapi${'0f'.repeat(16)} and more`);
  writeFileSync(join(folder, 'clean'), 'nothing, not even dapi');
  const search = new TokenSearch(['secret-of-mine']);
  search.inFolder(folder);
  search.inText('what it said', 'and secret-of-mine');
  expect([...search.found]).toEqual([`${join(folder, 'below', 'log')}: dapi0f0f…`, 'what it said: secret-o…']);
  expect(search.read.size).toBe(2);
  // Once found, a file that has not changed is not read again.
  search.found.clear();
  search.inFolder(folder);
  expect(search.found.size).toBe(0);
});

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { importCircles, isCode, tooFull, tooLong } from './house-rules.ts';
import { readSources } from './import-rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// What was deleted and not committed yet is still listed.
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

describe('this repository', () => {
  it('has no long files of code and no long lines in them', () => {
    const code = tracked.filter(isCode);
    expect(code.length).toBeGreaterThan(100);
    expect(code.flatMap((path) => tooLong(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });

  it('has no folder with more files than one looks through', () => {
    expect(tooFull(tracked)).toEqual([]);
  });

  it('has no files that import each other', () => {
    expect(importCircles(readSources(root))).toEqual([]);
  });
});

test.each([
  ['src/worker.ts', true],
  ['set-up/run', true],
  ['set-up/lock.mjs', true],
  ['laptop/check.ps1', true],
  ['init-scripts/bin/save-work', true],
  ['init-scripts/lib/saving/home_folder.py', true],
  ['.ci/run', true],
  ['init-scripts/lib/README.md', false],
  ['docs/design.md', false],
  ['package-lock.json', false],
])('%s is code: %s', (path, code) => {
  expect(isCode(path)).toBe(code);
});

describe('what is too long', () => {
  test('300 lines of 120 columns are not', () => {
    expect(tooLong('a.ts', `${'…'.repeat(120)}\n`.repeat(300))).toEqual([]);
  });

  test('a line more is', () => {
    expect(tooLong('a.ts', 'x\n'.repeat(301))).toEqual(['a.ts has 301 lines: at most 300']);
  });

  test('a column more is, at its line', () => {
    expect(tooLong('a.ts', `x\n${'x'.repeat(121)}\n`)).toEqual(['a.ts:2 has 121 columns: at most 120']);
  });
});

test('what is too full is a folder with 16 files, not counting those in its folders', () => {
  const files = (folder: string, count: number) => Array.from({ length: count }, (_, n) => `${folder}/${n}.ts`);
  expect(tooFull([...files('a', 15), ...files('a/b', 15)])).toEqual([]);
  expect(tooFull([...files('a', 16), ...files('a/b', 15)])).toEqual(['a holds 16 files: at most 15']);
});

describe('what imports each other', () => {
  const circles = (sources: Record<string, string>) => importCircles(new Map(Object.entries(sources)));

  test('is found through other files and folders, types included, and without whoever only imports them', () => {
    expect(
      circles({
        'src/outside.ts': `import { a } from './a.ts';`,
        'src/a.ts': `import { b } from './b/b.ts';`,
        'src/b/b.ts': `import type { C } from './c.ts';`,
        'src/b/c.ts': `export { a } from '../a.ts'; import { d } from '../d.ts';`,
        'src/d.ts': `import { readFileSync } from 'node:fs';`,
      }),
    ).toEqual([['src/a.ts', 'src/b/b.ts', 'src/b/c.ts']]);
  });

  test('is not found where two files import a third', () => {
    expect(
      circles({
        'src/a.ts': `import { b } from './b.ts'; import { c } from './c.ts';`,
        'src/b.ts': `import { c } from './c.ts';`,
        'src/c.ts': '',
      }),
    ).toEqual([]);
  });

  test('is found twice where there are two circles', () => {
    expect(
      circles({
        'src/a.ts': `import { b } from './b.ts'; import { c } from './c.ts';`,
        'src/b.ts': `import { a } from './a.ts';`,
        'src/c.ts': `import { d } from './d.ts';`,
        'src/d.ts': `import { c } from './c.ts';`,
      }),
    ).toEqual([
      ['src/c.ts', 'src/d.ts'],
      ['src/a.ts', 'src/b.ts'],
    ]);
  });
});

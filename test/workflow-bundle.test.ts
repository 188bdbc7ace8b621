import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptOrMade, keyOf } from '../src/workflow-bundle.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'workshop-test-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles, and counts how often. */
function bundler(code: string) {
  const made: string[] = [];
  const make = async () => {
    made.push(code);
    return { code, sourceMap: '' };
  };
  return { make, made };
}

test('what was bundled once is not bundled again, and is the same', async () => {
  const first = bundler('the workflows');
  const second = bundler('never asked for');
  const cache = join(folder, 'cache');
  expect(await keptOrMade(cache, 'a', first.make)).toEqual({ code: 'the workflows', sourceMap: '' });
  expect(await keptOrMade(cache, 'a', second.make)).toEqual({ code: 'the workflows', sourceMap: '' });
  expect([first.made.length, second.made.length]).toEqual([1, 0]);
});

test('other code is another bundle, and only the newest few are kept', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await keptOrMade(folder, key, bundler(key).make);
  expect((await keptOrMade(folder, 'g', bundler('anew').make)).code).toBe('g');
  expect(readdirSync(folder)).toHaveLength(5);
});

test('where nothing can be kept the workflows are bundled all the same', async () => {
  const inTheWay = join(folder, 'a-file');
  writeFileSync(inTheWay, '');
  expect((await keptOrMade(join(inTheWay, 'cache'), 'a', bundler('made').make)).code).toBe('made');
});

function checkout(): string {
  const root = join(folder, 'checkout');
  mkdirSync(join(root, 'src', 'workflows', 'guide'), { recursive: true });
  mkdirSync(join(root, 'src', 'domain', 'replayed'), { recursive: true });
  for (const file of ['package-lock.json', 'src/workflow-code.ts', 'src/workflows/guide/pool.ts']) {
    writeFileSync(join(root, file), `what is in ${file}`);
  }
  return root;
}

test('a bundle is named after all of the code in it, its place and its libraries', () => {
  const root = checkout();
  const before = keyOf(root, ['v24']);
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  expect(keyOf(root, ['v24'])).toBe(before);
  expect(keyOf(root, ['v25'])).not.toBe(before);
  const elsewhere = join(folder, 'elsewhere');
  cpSync(root, elsewhere, { recursive: true });
  expect(keyOf(elsewhere, ['v24'])).not.toBe(before);
  for (const file of ['package-lock.json', 'src/workflows/guide/pool.ts', 'src/domain/replayed/new.ts']) {
    const known = keyOf(root, ['v24']);
    writeFileSync(join(root, file), 'something else');
    expect(keyOf(root, ['v24']), file).not.toBe(known);
  }
});

test('without a lock file nothing is known of the libraries, and nothing is kept', () => {
  const root = checkout();
  rmSync(join(root, 'package-lock.json'));
  expect(keyOf(root, ['v24'])).toBeUndefined();
});

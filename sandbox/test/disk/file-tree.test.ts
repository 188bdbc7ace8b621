import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FileTree } from '../../src/disk/file-tree.ts';
import { TreeRefusal } from '../../src/disk/tree-refusal.ts';
import { scratchFolder } from '../harness.ts';

const AT = Date.parse('2027-03-16T09:00:00.123Z');

/** A tree, and beside it a secret that must never be reached through it. */
function openTree() {
  const around = scratchFolder();
  const root = join(around, 'tree');
  const outside = join(around, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), 'secret');
  return { root, outside, tree: new FileTree(root) };
}

const bytes = (text: string): Buffer => Buffer.from(text);

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof TreeRefusal) return error.kind;
    throw error;
  }
  return 'none';
}

describe('a file tree', () => {
  test('keeps files with their modes and times, replaces, renames and removes them', () => {
    const { root, tree } = openTree();
    tree.makeDirectory(['a', 'b'], AT);
    tree.write(['a', 'b', 'c'], bytes('one'), AT);
    tree.write(['a', 'b', 'run'], bytes('#!'), AT, { isExecutable: true });
    expect(tree.stat(['a', 'b', 'c'])).toEqual({ name: 'c', kind: 'file', size: 3, modifiedAt: AT });
    expect(tree.stat(['a', 'b'])?.modifiedAt).toBe(AT);
    expect(
      [lstatSync(join(root, 'a')), lstatSync(join(root, 'a/b/c')), lstatSync(join(root, 'a/b/run'))].map(
        ({ mode }) => mode & 0o777,
      ),
    ).toEqual([0o755, 0o644, 0o755]);
    tree.write(['a', 'b', 'c'], bytes('second'), AT);
    expect(tree.read(['a', 'b', 'c'])?.toString()).toBe('second');
    expect(tree.read(['a', 'b', 'c'], { first: 1, last: 3 })?.toString()).toBe('eco');
    expect(refusalOf(() => tree.rename(['a', 'b', 'c'], ['a', 'b', 'run'], AT))).toBe('exists');
    tree.rename(['a', 'b', 'c'], ['a', 'd'], AT);
    expect(tree.list(['a'])?.map(({ name }) => name)).toEqual(['b', 'd']);
    expect(
      tree
        .files([], 10)
        .map((path) => path.join('/'))
        .toSorted(),
    ).toEqual(['a/b/run', 'a/d']);
    expect(refusalOf(() => tree.remove(['a'], AT))).toBe('not-empty');
    expect(tree.remove(['a'], AT, { isRecursive: true })).toBe(true);
    expect(tree.remove(['a'], AT)).toBe(false);
    expect(readdirSync(root)).toEqual([]);
  });

  test('lists in pages', () => {
    const { tree } = openTree();
    for (const name of ['b', 'a', 'c', 'd']) tree.write([name], bytes(name), AT);
    expect(tree.list([], { after: 'a', most: 2 })?.map(({ name }) => name)).toEqual(['b', 'c']);
    expect(tree.list(['none'])).toBeUndefined();
    expect(tree.list(['a'])).toBeUndefined();
  });

  test('needs the directory of a file, and keeps files and directories apart', () => {
    const { tree } = openTree();
    expect(refusalOf(() => tree.write(['none', 'x'], bytes('x'), AT))).toBe('missing');
    tree.makeDirectory(['d'], AT);
    expect(refusalOf(() => tree.write(['d'], bytes('x'), AT))).toBe('is-directory');
    tree.write(['f'], bytes('x'), AT);
    expect(refusalOf(() => tree.makeDirectory(['f', 'g'], AT))).toBe('not-directory');
    expect(refusalOf(() => tree.write(['f', 'g'], bytes('x'), AT))).toBe('not-directory');
    expect(refusalOf(() => tree.remove([], AT, { isRecursive: true }))).toBe('invalid-path');
  });

  test.each([
    [['..']],
    [['a', '..', 'b']],
    [['.']],
    [['']],
    [['a/b']],
    [['a\\b']],
    [['a\0b']],
    [['a\nb']],
    [['\ud800']],
    [['x'.repeat(256)]],
    [['é'.repeat(128)]],
    [Array.from({ length: 101 }, () => 'a')],
  ])('refuses the path %j', (path) => {
    const { tree } = openTree();
    for (const act of [
      () => tree.read(path),
      () => tree.stat(path),
      () => tree.list(path),
      () => tree.write(path, bytes('x'), AT),
      () => tree.makeDirectory(path, AT),
      () => tree.remove(path, AT),
      () => tree.rename(['x'], path, AT),
    ]) {
      expect(refusalOf(act)).toBe('invalid-path');
    }
  });
});

describe('what somebody on a node puts into it', () => {
  test('links that lead out are not there, for anything', () => {
    const { root, outside, tree } = openTree();
    symlinkSync(join(outside, 'secret'), join(root, 'file'));
    symlinkSync(outside, join(root, 'directory'));
    symlinkSync('/proc/self/root', join(root, 'root'));
    expect(tree.list([])).toEqual([]);
    expect(tree.stat(['file'])).toBeUndefined();
    expect(tree.read(['file'])).toBeUndefined();
    for (const link of ['directory', 'root']) {
      expect(tree.list([link])).toBeUndefined();
      expect(tree.read([link, 'secret'])).toBeUndefined();
      expect(refusalOf(() => tree.write([link, 'new'], bytes('x'), AT))).toBe('not-directory');
      expect(refusalOf(() => tree.makeDirectory([link, 'new'], AT))).toBe('not-directory');
      expect(tree.remove([link, 'secret'], AT)).toBe(false);
    }
    expect(refusalOf(() => tree.rename(['directory', 'secret'], ['mine'], AT))).toBe('not-directory');
    tree.write(['own'], bytes('x'), AT);
    expect(refusalOf(() => tree.rename(['own'], ['directory', 'own'], AT))).toBe('not-directory');
    expect(readdirSync(outside)).toEqual(['secret']);
  });

  test('a link is written over and removed itself, not what it leads to', () => {
    const { root, outside, tree } = openTree();
    for (const name of ['a', 'b']) symlinkSync(join(outside, 'secret'), join(root, name));
    symlinkSync(outside, join(root, 'c'));
    tree.write(['a'], bytes('x'), AT);
    expect(lstatSync(join(root, 'a')).isFile()).toBe(true);
    for (const name of ['b', 'c']) expect(tree.remove([name], AT, { isRecursive: true })).toBe(true);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  test('second names of files from elsewhere are neither read nor written through', () => {
    const { root, outside, tree } = openTree();
    linkSync(join(outside, 'secret'), join(root, 'hard'));
    expect(tree.read(['hard'])).toBeUndefined();
    expect(tree.list([])).toEqual([]);
    tree.write(['hard'], bytes('x'), AT);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  test('pipes block nobody', () => {
    const { root, tree } = openTree();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(tree.read(['pipe'])).toBeUndefined();
    expect(tree.list([])).toEqual([]);
    tree.write(['pipe'], bytes('x'), AT);
    expect(tree.read(['pipe'])?.toString()).toBe('x');
  });

  test('a directory goes with links, pipes, names that are no text and three hundred levels in it', () => {
    const { root, outside, tree } = openTree();
    mkdirSync(join(root, 'd'));
    symlinkSync(outside, join(root, 'd/link'));
    execFileSync('mkfifo', [join(root, 'd/pipe')]);
    if (process.platform === 'linux') {
      writeFileSync(Buffer.concat([Buffer.from(join(root, 'd/')), Buffer.from([0xff, 0xfe])]), 'x');
      mkdirSync(Buffer.concat([Buffer.from(join(root, 'd/')), Buffer.from([0xff, 0xfd])]));
    }
    execFileSync(
      'sh',
      [
        '-c',
        'for i in $(seq 300); do mkdir aaaaaaaaaaaaaaaaaaaa && cd -P aaaaaaaaaaaaaaaaaaaa || exit 1; done; touch deep',
      ],
      { cwd: join(root, 'd') },
    );
    expect(tree.remove(['d'], AT, { isRecursive: true })).toBe(true);
    expect(readdirSync(root)).toEqual([]);
    expect(readdirSync(outside)).toEqual(['secret']);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tarArchive } from '../../src/bundle/tar-archive.ts';

const FILES = [
  { path: 'bin/run', bytes: Buffer.from('#!/bin/sh\necho ran\n'), executable: true },
  { path: 'empty', bytes: Buffer.alloc(0), executable: false },
  { path: 'lib/data', bytes: Buffer.alloc(1_024, 7), executable: false },
];

test('what is packed can be unpacked by tar, modes and all', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.tar.gz'), tarArchive(FILES));
  execFileSync('tar', ['-xzf', 'a.tar.gz'], { cwd: folder });
  expect(execFileSync(join(folder, 'bin/run'), { encoding: 'utf8' })).toBe('ran\n');
  for (const { path, bytes } of FILES) expect(readFileSync(join(folder, path)).equals(bytes), path).toBe(true);
  expect(statSync(join(folder, 'lib/data')).mode & 0o777).toBe(0o644);
});

test('the same files make the same bytes, in whatever order they come', () => {
  expect(tarArchive(FILES.toReversed()).equals(tarArchive(FILES))).toBe(true);
});

test('a path that does not fit is an error, and not a broken archive', () => {
  expect(() => tarArchive([{ path: 'x'.repeat(101), bytes: Buffer.alloc(0), executable: false }])).toThrow('too long');
});

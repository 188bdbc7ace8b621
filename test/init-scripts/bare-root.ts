import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { findOnPath } from '../../src/executable.ts';
import type { StagedFile } from '../../src/bundle/on-cluster.ts';
import { SCRIPTS } from './workshop-node.ts';

/** What every Debian and Ubuntu has, however small: no python3, no curl, no git. */
const ESSENTIAL = [
  'base64',
  'basename',
  'bash',
  'cat',
  'chmod',
  'cp',
  'cut',
  'date',
  'df',
  'dirname',
  'du',
  'echo',
  'env',
  'false',
  'getconf',
  'grep',
  'gzip',
  'head',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mktemp',
  'mv',
  'printf',
  'pwd',
  'readlink',
  'rm',
  'sed',
  'seq',
  'sh',
  'sha256sum',
  'sleep',
  'sort',
  'stat',
  'stty',
  'tail',
  'tar',
  'test',
  'timeout',
  'touch',
  'tr',
  'true',
  'uname',
  'wc',
];

export interface BareRoot {
  /** Megabytes on /opt. */
  readonly opt?: number;
  /** Whether this machine's network is there, too; else there is none. */
  readonly network?: boolean;
  /** Programs besides, and what they do. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What bwrap is given, to run bash as root on a machine with none of this one's comforts, the bundle in its volume. */
export function bareRoot(
  files: readonly StagedFile[],
  command: string,
  { opt = 900, network = false, programs = {}, env = {} }: BareRoot = {},
): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bare-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const place = (path: string, bytes: string | Uint8Array, mode = 0o644): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes, { mode });
  };
  mkdirSync(join(folder, 'volume'));
  mkdirSync(join(folder, 'programs'));
  for (const { name, bytes } of files) place(`volume/${name}`, bytes);
  for (const [name, text] of Object.entries(programs)) place(`programs/${name}`, text, 0o755);
  const own = Object.keys(programs);
  const bound = (path: string): string[] => (existsSync(path) ? ['--ro-bind', realpathSync(path), path] : []);
  return [
    '--unshare-all',
    ...(network ? ['--share-net'] : []),
    ...(process.getuid?.() === 0 ? [] : ['--uid', '0', '--gid', '0']),
    '--die-with-parent',
    '--clearenv',
    '--tmpfs',
    '/',
    ...bound('/usr/lib'),
    ...bound('/usr/lib64'),
    '--symlink',
    'usr/lib',
    '/lib',
    '--symlink',
    'usr/lib64',
    '/lib64',
    '--symlink',
    'usr/bin',
    '/bin',
    ...ESSENTIAL.filter((name) => !own.includes(name)).flatMap((name) => [
      '--ro-bind',
      realpathSync(findOnPath(name, '/usr/bin:/bin') ?? `/usr/bin/${name}`),
      `/usr/bin/${name}`,
    ]),
    ...own.flatMap((name) => ['--ro-bind', join(folder, 'programs', name), `/usr/bin/${name}`]),
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--tmpfs',
    '/tmp',
    '--dir',
    '/root',
    '--dir',
    '/run',
    '--dir',
    '/usr/local',
    '--size',
    String(opt * 1_000_000),
    '--tmpfs',
    '/opt',
    '--ro-bind',
    join(folder, 'volume'),
    SCRIPTS,
    ...Object.entries({ PATH: '/usr/local/bin:/usr/bin:/bin', ...env }).flatMap(([name, value]) => [
      '--setenv',
      name,
      value,
    ]),
    '--',
    '/usr/bin/bash',
    '-c',
    command,
  ];
}

/** Runs it to its end; gone afterwards. */
export function onBareRoot(
  files: readonly StagedFile[],
  command: string,
  how: BareRoot = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const options = bareRoot(files, command, how);
  return new Promise((resolve) => {
    execFile('bwrap', options, { timeout: 100_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

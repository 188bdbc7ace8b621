import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { findOnPath } from '../../src/executable.ts';
import { scratchFolder, script } from '../scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOCK = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } });

/** What a real npm ci leaves behind, as far as the launcher cares; counts how often it was asked. */
const NPM = (project: string) => `echo "$@" >> '${project}/npm-calls'
sleep 1
mkdir -p node_modules/node/bin
ln -sf '${process.execPath}' node_modules/node/bin/node
cp package-lock.json node_modules/.package-lock.json
echo 'npm notice on stdout'`;

const PROGRAM = `
process.on('SIGTERM', () => process.exit(43));
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }));
if (process.argv[2] === 'wait') setTimeout(() => {}, 60_000);
else process.exitCode = Number(process.argv[2] ?? 0);`;

/** A clone with a path that needs quoting, a stand-in for npm, and a program that tells how it was called. */
function clone(npm?: (project: string) => string) {
  const folder = scratchFolder();
  const project = join(folder, 'my clone');
  mkdirSync(join(project, 'src', 'cli'), { recursive: true });
  cpSync(join(root, 'set-up'), join(project, 'set-up'), { recursive: true });
  mkdirSync(join(project, 'bin'));
  copyFileSync(join(root, 'bin', 'workshop'), join(project, 'bin', 'workshop'));
  writeFileSync(join(project, 'package-lock.json'), LOCK);
  writeFileSync(join(project, 'package.json'), '{"type":"module"}');
  writeFileSync(join(project, 'src', 'cli', 'main.ts'), PROGRAM);
  const bin = join(folder, 'path');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const tool of ['dirname', 'readlink', 'sh', 'sleep', 'mkdir', 'ln', 'cp', 'cat', 'cmp']) {
    symlinkSync(findOnPath(tool, process.env['PATH']) ?? tool, join(bin, tool));
  }
  if (npm) script(join(bin, 'npm'), npm(project));
  return { folder, project, env: { PATH: bin, HOME: folder } };
}

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function run(
  command: string,
  args: string[],
  options: { env: Record<string, string>; cwd: string; kill?: NodeJS.Signals },
): Promise<Outcome> {
  const child = spawn(command, args, { env: options.env, cwd: options.cwd });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += text;
    if (options.kill) child.kill(options.kill);
  });
  child.stderr.on('data', (text) => (err += text));
  return new Promise((ended) => child.once('close', (code, signal) => ended({ code, signal, out, err })));
}

it('sets up from nothing, once, and hands over: arguments, folder, exit code, a clean stdout', async () => {
  const { folder, project, env } = clone(NPM);
  symlinkSync(join('my clone', 'bin', 'workshop'), join(folder, 'first'));
  symlinkSync('first', join(folder, 'workshop'));
  const cwd = join(folder, 'path');
  const command = join(folder, 'workshop');
  const runs = await Promise.all([
    run(command, ['7', 'two words'], { env, cwd }),
    run(command, ['7', 'two words'], { env, cwd }),
  ]);
  for (const { code, out } of runs) {
    expect(code).toBe(7);
    expect(JSON.parse(out)).toEqual({ args: ['7', 'two words'], cwd });
  }
  expect(runs.map(({ err }) => err).join('')).toContain('Installing the dependencies (npm ci) …');
  expect(readFileSync(join(project, 'npm-calls'), 'utf8').trim().split('\n')).toEqual([
    expect.stringMatching(/^ci .*--include=dev/),
  ]);

  const quiet = await run(command, ['0'], { env, cwd });
  expect(quiet).toMatchObject({ code: 0, err: '' });
  // Nobody looks into lock files that are as they were.
  const prepare = join(project, 'set-up', 'prepare.mjs');
  renameSync(prepare, `${prepare}.away`);
  expect(await run(command, ['0'], { env, cwd })).toMatchObject({ code: 0, err: '' });
  renameSync(`${prepare}.away`, prepare);

  writeFileSync(join(project, 'package-lock.json'), LOCK.replace('1.0.0', '2.0.0'));
  expect((await run(command, ['0'], { env, cwd })).code).toBe(0);
  expect(readFileSync(join(project, 'npm-calls'), 'utf8').trim().split('\n')).toHaveLength(2);

  writeFileSync(join(project, 'node_modules', '.package-lock.json'), LOCK);
  expect((await run(command, ['0'], { env, cwd })).code).toBe(0);
  expect(readFileSync(join(project, 'npm-calls'), 'utf8').trim().split('\n')).toHaveLength(3);
});

it('is replaced by the program, so that signals reach it', async () => {
  const { project, env } = clone(NPM);
  const outcome = await run(join(project, 'bin', 'workshop'), ['wait'], { env, cwd: project, kill: 'SIGTERM' });
  expect(outcome.code).toBe(43);
});

it.each([
  ['npm is missing', undefined, 'npm is missing'],
  ['there is no network', () => 'echo "npm error code ENOTFOUND" >&2; exit 1', 'cannot reach its registry'],
  ['the disk is full', () => 'echo "npm error ENOSPC: no space left" >&2; exit 1', 'The disk is full'],
])('says what to do when %s', async (_what, npm, words) => {
  const { project, env } = clone(npm);
  const { code, out, err } = await run(join(project, 'bin', 'workshop'), [], { env, cwd: project });
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toContain(words);
  expect(err).not.toContain('    at ');
});

it('says what to do without Node, and with one that is too old', async () => {
  const { folder, project, env } = clone(NPM);
  rmSync(join(folder, 'path', 'node'));
  const none = await run(join(project, 'bin', 'workshop'), [], { env, cwd: project });
  expect(none.code).toBe(1);
  expect(none.err).toContain('Node.js is missing');
  const old = join(folder, 'old.mjs');
  const prepare = readFileSync(join(project, 'set-up', 'prepare.mjs'), 'utf8');
  writeFileSync(old, prepare.replace('process.versions.node, 10', `'18.20.0', 10`));
  const { code, err } = await run(process.execPath, [old], { env, cwd: project });
  expect(code).toBe(1);
  expect(err).toContain('needs version 20 or newer');
});

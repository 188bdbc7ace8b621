import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { workshopProgram } from '../../src/cli/program.ts';
import { importsOf } from '../import-rules.ts';
import { MAIN } from './run-cli.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Everything that is loaded with a file: our files and packages. What import() loads comes later, and only if need be.
 */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!file.endsWith('.ts')) return seen;
  const source = readFileSync(posix.join(root, file), 'utf8').replaceAll(/\bimport\s*\(/g, 'later(');
  for (const { target, typeOnly } of importsOf(source)) {
    if (typeOnly || target.startsWith('node:')) continue;
    if (target.startsWith('.')) loadedWith(posix.join(posix.dirname(file), target), seen);
    else seen.add(target);
  }
  return seen;
}

const isPackage = (name: string) => !name.includes('/') || name.startsWith('@');

it('knows what is loaded with a file', () => {
  const loaded = loadedWith('src/client.ts');
  expect(loaded).toContain('@temporalio/client');
  expect(loaded).toContain('src/temporal/answers.ts');
});

it('--help, and naming every command and its options, loads Commander and a few small files', async () => {
  const commands = globSync('src/cli/commands/*/*-command.ts', { cwd: root });
  expect(commands).toHaveLength((await workshopProgram()).commands.length);
  const loaded = new Set(['src/cli/main.ts', ...commands].flatMap((file) => [...loadedWith(file)]));
  expect([...loaded].filter(isPackage).toSorted()).toEqual(['commander', 'package.json']);
  expect([...loaded].filter((name) => name.startsWith('sandbox/'))).toEqual([]);
});

it('a command is loaded without the others, under its own name', async () => {
  for (const name of (await workshopProgram()).commands.map((command) => command.name()))
    expect((await workshopProgram(name)).commands.map((command) => command.name())).toEqual([name]);
});

it('signing off, waiving and retrying load Temporal and nothing else that takes long', () => {
  const HEAVY = ['zod', 'yaml', 'undici', 'temporal-polyfill', 'execa', 'sandbox/index.ts'];
  for (const command of ['running/give-sign-off.ts', 'running/waive-command.ts'])
    expect(HEAVY.filter((name) => loadedWith(`src/cli/commands/${command}`).has(name))).toEqual([]);
  expect(HEAVY.filter((name) => loadedWith('src/client.ts').has(name))).toEqual([]);
});

it('traces are loaded only where somebody wants them', () => {
  for (const file of ['src/cli/main.ts', 'src/client.ts', 'src/reader.ts', 'src/worker.ts'])
    expect(
      [...loadedWith(file)].filter((name) => name.startsWith('@opentelemetry') || name.endsWith('traces/traces.ts')),
      file,
    ).toEqual([]);
  expect(loadedWith('src/traces/of-worker.ts')).toContain('@opentelemetry/sdk-trace-base');
});

it('what only looks at a workshop does without the whole of Temporal', () => {
  const packages = (file: string) => [...loadedWith(file)].filter(isPackage).toSorted();
  expect(packages('src/cli/commands/running/show-status.ts')).toEqual(['commander']);
  expect(packages('src/reader.ts')).toEqual([
    '@grpc/grpc-js',
    '@temporalio/common/lib/converter/payload-converter.js',
    '@temporalio/envconfig',
  ]);
});

it('ends quietly when nobody reads on, as with `workshop --help | head -1`', async () => {
  const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((settle) => child.once('close', settle));
  expect({ code, stderr: stderr.replaceAll(/^.*Warning.*$\n/gm, '') }).toEqual({ code: 0, stderr: '' });
});

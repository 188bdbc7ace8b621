import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startWorkers } from '../../../src/cli/rehearsal/workers.ts';
import { isAlive, scratchFolder } from '../../scratch.ts';

/** A program that does nothing but to say how it was started, and a folder for it and its logs. */
function worker(source: string) {
  const folder = scratchFolder();
  const main = join(folder, 'main.ts');
  writeFileSync(main, source);
  return { main, folder, env: {}, speed: 60 };
}

const TELLS = `
  console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(2), node: process.execArgv }));
  console.log('worker ready');
  setInterval(() => {}, 1000);`;

const saidIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8').split('\n')[0] ?? '') as Said)
    .toSorted((a, b) => a.args.length - b.args.length);

interface Said {
  readonly pid: number;
  readonly args: readonly string[];
  readonly node: readonly string[];
}

it('a worker for as many as always, with all that the SDK brings', async () => {
  const options = worker(TELLS);
  const workers = await startWorkers({ ...options, people: 140, slowness: 1 });
  onTestFinished(() => workers.stop());
  const [only, ...others] = saidIn(options.folder);
  expect(others).toEqual([]);
  expect(only?.args).toEqual([
    'worker',
    '--folder',
    options.folder,
    '--speed',
    '60',
    '--slowness',
    '1',
    '--steps',
    '150',
  ]);
  expect(only?.node.join(' ')).not.toContain('quick-workflow-threads');
});

it('others beside it for thousands, which only take steps of workflows, and all end together', async () => {
  const options = worker(TELLS);
  const workers = await startWorkers({ ...options, people: 4_000, slowness: 8 });
  onTestFinished(() => workers.stop());
  const said = saidIn(options.folder);
  expect(said.map(({ args }) => args.slice(7))).toEqual([
    ['--steps', '10'],
    ['--steps', '75', '--only', 'workflows'],
    ['--steps', '75', '--only', 'workflows'],
  ]);
  for (const { args, node } of said) {
    expect(args.slice(0, 7)).toEqual(['worker', '--folder', options.folder, '--speed', '60', '--slowness', '8']);
    expect(node.join(' ')).toContain('quick-workflow-threads.cjs');
  }
  await workers.stop();
  expect(said.filter(({ pid }) => isAlive(pid))).toEqual([]);
});

it('says which one has ended', async () => {
  const options = worker(`${TELLS}
    if (process.argv.includes('--only')) setTimeout(() => process.exit(3), 300);`);
  const workers = await startWorkers({ ...options, people: 1_500, slowness: 3 });
  onTestFinished(() => workers.stop());
  await expect(workers.died).resolves.toBe(
    `The worker has ended (exit code 3). Its log: ${join(options.folder, 'worker-2.log')}`,
  );
});

it('leaves none behind when one of them does not start', async () => {
  const options = worker(`
    if (process.argv.includes('--only')) process.exit(4);${TELLS}`);
  await expect(startWorkers({ ...options, people: 1_500, slowness: 3 })).rejects.toThrow(/exit code 4/);
  const log = readFileSync(join(options.folder, 'worker.log'), 'utf8');
  expect(isAlive((JSON.parse(log.split('\n')[0] ?? '') as Said).pid)).toBe(false);
});

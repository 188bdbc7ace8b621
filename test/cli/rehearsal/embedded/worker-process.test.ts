import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { startWorkerProcess } from '../../../../src/cli/rehearsal/embedded/worker-process.ts';
import { isAlive, scratchFolder } from '../../../scratch.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function worker(body: string) {
  const folder = scratchFolder();
  const file = join(folder, 'worker.ts');
  writeFileSync(file, body);
  return { entry: [file, 'worker'] as const, logFile: join(folder, 'logs', 'worker.log') };
}

it('gives a worker the environment it is to have and no other', async () => {
  vi.stubEnv('DATABRICKS_TOKEN', 'of-somebody-else');
  const { entry, logFile } = worker(`
    const names: string[] = Object.keys(process.env);
    console.log(JSON.stringify({ names, argument: process.argv[2] }));
    console.log('worker ready');
    setInterval(() => {}, 1000);`);
  const started = await startWorkerProcess({ env: { TEMPORAL_ADDRESS: '127.0.0.1:1' }, logFile, entry });
  onTestFinished(() => started.stop());
  const said = JSON.parse(readFileSync(logFile, 'utf8').split('\n')[0] ?? '') as { names: string[]; argument: string };
  expect(said.argument).toBe('worker');
  expect(said.names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'TEMPORAL_ADDRESS']));
  const known = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TEMPORAL_ADDRESS', 'MALLOC_ARENA_MAX'];
  expect(said.names.filter((name) => !known.includes(name))).toEqual([]);
  await started.stop();
  expect(isAlive(started.pid)).toBe(false);
});

it('shows the end of the log of a worker that ends early', async () => {
  const { entry, logFile } = worker(`console.error('no such workspace'); process.exit(3);`);
  await expect(startWorkerProcess({ env: {}, logFile, entry })).rejects.toThrow(/exit code 3[\s\S]*no such workspace/);
});

it('does not take the readiness of an earlier worker in the same log for its own', async () => {
  const { entry, logFile } = worker(`console.log('worker ready'); setInterval(() => {}, 1000);`);
  const first = await startWorkerProcess({ env: {}, logFile, entry });
  await first.stop();
  writeFileSync(entry[0], `console.log('second'); process.exit(5);`);
  await expect(startWorkerProcess({ env: {}, logFile, entry })).rejects.toThrow('exit code 5');
});

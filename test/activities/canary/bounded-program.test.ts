import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runBounded, type Bounds } from '../../../src/activities/canary/bounded-program.ts';
import { isAlive } from './is-alive.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'bounded-program-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function run(script: string, bounds: Partial<Bounds> = {}) {
  const cwd = bounds.cwd ?? (await folder());
  return runBounded('/bin/sh', ['-c', script], {
    env: { PATH: process.env['PATH'] ?? '' },
    cwd,
    limitMs: 20_000,
    signal: new AbortController().signal,
    ...bounds,
  });
}

/** The process id that a script wrote into its folder. */
async function pidIn(cwd: string): Promise<number> {
  await expect.poll(() => existsSync(join(cwd, 'pid'))).toBe(true);
  return Number(readFileSync(join(cwd, 'pid'), 'utf8'));
}

/** A child of the script that ignores being asked to end, for half a minute. */
const LONG = 'for turn in $(seq 300); do sleep 0.1; done';
const STUBBORN = `sh -c 'trap "" TERM; echo $$ >pid.part; mv pid.part pid; ${LONG}' &`;

describe('a bounded program', () => {
  test('tells its code and what it printed, and nothing is inherited or read', async () => {
    const heard: string[] = [];
    const ended = await run('cat; echo out; echo "err $MINE $HOME" >&2; exit 3', {
      env: { PATH: process.env['PATH'] ?? '', MINE: 'mine' },
      onStderr: (text) => heard.push(text),
    });
    expect(ended).toEqual({ code: 3, stdout: 'out\n', stderr: 'err mine \n', ranOut: false, limitMs: 20_000 });
    expect(heard.join('')).toBe('err mine \n');
  });

  test('that is not there is told, not thrown', async () => {
    const cwd = await folder();
    const bounds = { env: {}, cwd, limitMs: 5_000, signal: new AbortController().signal };
    const ended = await runBounded(join(cwd, 'nothing'), [], bounds);
    expect(ended).toMatchObject({ code: null, stdout: '', ranOut: false });
    expect(ended.stderr).toContain('ENOENT');
  });

  test('that prints without an end keeps only the end of it', async () => {
    const ended = await run('yes line | head -c 3000000; echo the end');
    expect(ended.code).toBe(0);
    expect(ended.stdout.length).toBeLessThanOrEqual(100_000);
    expect(ended.stdout).toMatch(/the end\n$/);
  });

  test('that ends leaves nothing of its own behind', async () => {
    const cwd = await folder();
    const ended = await run(`${STUBBORN} while [ ! -e pid ]; do sleep 0.05; done`.replace(' &', ' >&- 2>&- &'), {
      cwd,
    });
    expect(ended).toMatchObject({ code: 0, ranOut: false });
    const pid = await pidIn(cwd);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('whose time is over is asked to end, and so is all that it started; then they are ended', async () => {
    const cwd = await folder();
    const began = performance.now();
    const ended = await run(`trap 'echo asked; exit 7' TERM; ${STUBBORN} wait`, { cwd, limitMs: 1_000 });
    expect(ended).toMatchObject({ stdout: 'asked\n', ranOut: true, limitMs: 1_000 });
    expect(performance.now() - began).toBeLessThan(10_000);
    const pid = await pidIn(cwd);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  test('that nobody wants any more ends at once, however stubborn', async () => {
    const cwd = await folder();
    const stop = new AbortController();
    const running = run(`trap '' TERM; ${STUBBORN} wait; wait`, { cwd, signal: stop.signal });
    const pid = await pidIn(cwd);
    const began = performance.now();
    stop.abort();
    expect(await running).toMatchObject({ code: null, ranOut: false });
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(await run('sleep 30', { signal: stop.signal })).toMatchObject({ code: null, stdout: '' });
  });

  test('does not hold us by a process that left its group and keeps its pipes open', async () => {
    const cwd = await folder();
    const began = performance.now();
    const ended = await run(`setsid sh -c 'echo $$ >pid.part; mv pid.part pid; exec sleep 30' & wait`, {
      cwd,
      limitMs: 1_000,
    });
    expect(ended.ranOut).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
    process.kill(await pidIn(cwd), 'SIGKILL');
  });
});

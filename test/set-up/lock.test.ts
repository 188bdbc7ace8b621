import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { withLock } from '../../set-up/lock.mjs';
import { scratchFolder } from '../scratch.ts';

const subject = new URL('../../set-up/lock.mjs', import.meta.url).href;

/** Runs a module in a process of its own until it ends. */
function run(code: string, signal?: NodeJS.Signals): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (signal) child.stdout.once('data', () => child.kill(signal));
  return new Promise((ended) => child.once('close', ended));
}

it('lets one process in at a time', async () => {
  const folder = scratchFolder();
  const counter = join(folder, 'counter');
  writeFileSync(counter, '0');
  const code = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { withLock } from '${subject}';
    for (let turn = 0; turn < 3; turn += 1) await withLock('${join(folder, 'lock')}', async () => {
      const before = Number(readFileSync('${counter}', 'utf8'));
      await new Promise((wake) => setTimeout(wake, 20));
      writeFileSync('${counter}', String(before + 1));
    });`;
  await Promise.all([run(code), run(code), run(code)]);
  expect(readFileSync(counter, 'utf8')).toBe('9');
  expect(readdirSync(folder)).toEqual(['counter']);
});

it('takes over from holders that were killed, without letting two in', async () => {
  const folder = scratchFolder();
  const lock = join(folder, 'lock');
  const hang = `
    import { withLock } from '${subject}';
    await withLock('${lock}', () => { console.log('in'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  await run(hang, 'SIGKILL');
  expect(existsSync(lock)).toBe(true);
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((wake) => setTimeout(wake, 20));
    inside -= 1;
  };
  await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);
  expect(most).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

it('frees the lock when the work fails and when the holder ends in the middle', async () => {
  const lock = join(scratchFolder(), 'lock');
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
  await run(`import { withLock } from '${subject}'; await withLock('${lock}', async () => process.exit(0));`);
  expect(existsSync(lock)).toBe(false);
});

it('waits for a living holder and says so once', async () => {
  const lock = join(scratchFolder(), 'lock');
  writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname(), id: 'another' }));
  const onWait = vi.fn<() => void>();
  const second = withLock(lock, () => Promise.resolve('done'), onWait);
  await vi.waitFor(() => expect(onWait).toHaveBeenCalledTimes(1), 10_000);
  writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), id: 'dead' }));
  expect(await second).toBe('done');
  expect(onWait).toHaveBeenCalledTimes(1);
});

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startBackgroundProcess } from '../../../../src/cli/rehearsal/embedded/background-process.ts';
import { isAlive, scratchFolder, script } from '../../../scratch.ts';

const subject = new URL('../../../../src/cli/rehearsal/embedded/background-process.ts', import.meta.url).href;
const env = { PATH: process.env['PATH'] };

it('lets a program finish within its grace', async () => {
  const folder = scratchFolder();
  const command = script(
    join(folder, 'polite'),
    `trap 'echo tidied up; exit 0' TERM\necho up\nwhile :; do sleep 0.1; done`,
  );
  const log = join(folder, 'log');
  const child = await startBackgroundProcess({ command, args: [], env, log, graceMs: 20_000 });
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('up'), 10_000);
  await Promise.all([child.stop(), child.stop()]);
  expect(await child.ended).toBe('exit code 0');
  expect(child.hasEnded()).toBe(true);
  expect(readFileSync(log, 'utf8')).toContain('tidied up');
});

it('insists after the grace', async () => {
  const folder = scratchFolder();
  const command = script(join(folder, 'stubborn'), `trap '' TERM\necho up\nwhile :; do sleep 0.1; done`);
  const log = join(folder, 'log');
  const child = await startBackgroundProcess({ command, args: [], env, log, graceMs: 200 });
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('up'), 10_000);
  await child.stop();
  expect(await child.ended).toBe('SIGKILL');
});

it('tells when a program cannot be started', async () => {
  const folder = scratchFolder();
  await expect(
    startBackgroundProcess({ command: join(folder, 'nothing'), args: [], env, log: join(folder, 'log'), graceMs: 100 }),
  ).rejects.toThrow('cannot be started');
});

it.each([
  ['killed with SIGKILL', `process.kill(process.pid, 'SIGKILL')`],
  ['ended by process.exit', 'process.exit(0)'],
  ['ended because nothing is left to do', ''],
])('ends the program when this one is %s', async (_how, end) => {
  const folder = scratchFolder();
  const command = script(join(folder, 'server'), 'while :; do sleep 0.1; done');
  const parent = join(folder, 'parent.ts');
  writeFileSync(
    parent,
    `import { startBackgroundProcess } from '${subject}';
     const child = await startBackgroundProcess({
       command: '${command}', args: [], env: process.env, log: '${join(folder, 'log')}', graceMs: 1000,
     });
     process.stdout.write(String(child.pid), () => { ${end} });`,
  );
  const run = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  run.stdout.on('data', (text) => (output += text));
  await new Promise((closed) => run.once('close', closed));
  const pid = Number(output);
  expect(pid).toBeGreaterThan(1);
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000, interval: 100 });
});

/** Alive and not merely waiting to be reaped by an init that does not care, as in many containers. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return isAlive(pid);
  }
}

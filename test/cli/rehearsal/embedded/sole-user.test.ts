import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { asSoleUser } from '../../../../src/cli/rehearsal/embedded/sole-user.ts';
import { scratchFolder } from '../../../scratch.ts';

const subject = new URL('../../../../src/cli/rehearsal/embedded/sole-user.ts', import.meta.url).href;
const refusal = (user: string, lock: string) => new Error(`${user} has ${lock}`);

it('refuses a second program, naming the first, and takes over from one that was killed', async () => {
  const folder = scratchFolder();
  const first = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      `
    import { asSoleUser } from ${JSON.stringify(subject)};
    await asSoleUser(${JSON.stringify(folder)}, () => new Promise(() => setInterval(() => {}, 1000)),
      () => new Error('alone'));`,
    ],
    { stdio: 'inherit' },
  );
  onTestFinished(() => void first.kill('SIGKILL'));
  await vi.waitFor(() => expect(existsSync(join(folder, 'in-use.lock'))).toBe(true), 20_000);
  await expect(asSoleUser(folder, async () => 'worked', refusal)).rejects.toThrow(
    `process ${first.pid} has ${join(folder, 'in-use.lock')}`,
  );

  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(await asSoleUser(folder, async () => 'worked', refusal)).toBe('worked');
  expect(existsSync(join(folder, 'in-use.lock'))).toBe(false);
});

it('lets go of the folder when the work fails', async () => {
  const folder = scratchFolder();
  await expect(asSoleUser(folder, () => Promise.reject(new Error('on fire')), refusal)).rejects.toThrow('on fire');
  expect(await asSoleUser(folder, async () => 'worked', refusal)).toBe('worked');
});

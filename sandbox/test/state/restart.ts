import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSandbox, scratchFolder } from '../harness.ts';
import type { SandboxOptions } from '../../src/sandbox.ts';

/** A folder that is not there yet, and is removed when the test ends. */
export const newFolder = (): string => join(scratchFolder(), 'state');

/** Ends a sandbox and starts another on its folder, on the same clock. */
export async function restart(
  first: Awaited<ReturnType<typeof openSandbox>>,
  state: string,
  options: SandboxOptions = {},
) {
  await first.sandbox.close();
  // Until the client's own pool of connections has noticed.
  await pause(5);
  return { ...(await openSandbox({ state, now: first.now, ...options })), pass: first.pass };
}

import { expect, test } from 'vitest';
import { processesWith } from '../apps/running-apps.ts';
import { describeOnRealNodes } from './on-real-nodes.ts';
import { ENVIRONMENT, openMachine } from './open-machine.ts';

const HELD = 'held = bytearray(b"x" * 40_000_000); print("up", flush=True); import time; time.sleep(600)';
const MANY = 12;

describeOnRealNodes('the end of a machine', () => {
  test('is told when nothing of it runs any more', async () => {
    const { machine } = await openMachine();
    const marker = `outlives-${process.pid}`;
    let up = '';
    machine.run({
      argv: ['/bin/bash', '-c', `for n in $(seq ${MANY}); do python3 -c '${HELD}' ${marker} & done; wait`],
      env: ENVIRONMENT,
      input: '',
      onOutput: (_, text) => (up += text),
    });
    await expect.poll(() => up.split('\n').length - 1, { timeout: 60_000 }).toBe(MANY);
    expect(processesWith(marker)).toBeGreaterThanOrEqual(MANY);
    await machine.stop();
    expect(processesWith(marker)).toBe(0);
  });
});

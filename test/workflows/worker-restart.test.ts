import { expect, test, vi } from 'vitest';
import { attendeeAddress } from '../../src/domain/replayed/made/addresses.ts';
import { expectEndedWell } from './stage/ended-well.ts';
import { RealStack } from './stage/real-stack.ts';

const PEOPLE = 20;
/** Clusters are then asked for five a second, so that a worker can be stopped between the first and the last. */
const WORKER_SPEED = 5;

// Two stacks side by side: they wait more than they compute.
test.concurrent.for([
  { signal: 'SIGTERM', ends: 'exit code 0' },
  { signal: 'SIGKILL', ends: 'SIGKILL' },
] as const)(
  'a worker that gets $signal in the middle of provisioning leaves everything to the other',
  async ({ signal, ends }, { onTestFinished }) => {
    const stack = await RealStack.start({ people: PEOPLE, workers: 2, workerSpeed: WORKER_SPEED });
    onTestFinished(() => stack.stop());
    const [first, second] = stack.workers;
    if (!first || !second) throw new Error('two workers were asked for');
    const id = await stack.open();
    const ending = stack.report(id);
    // It is waited for below; a failure before must not go unhandled meanwhile.
    ending.catch(() => {});

    await vi.waitFor(() => expect(stack.seatClusters().size).toBeGreaterThanOrEqual(PEOPLE / 4), {
      timeout: 120_000,
      interval: 20,
    });
    process.kill(first.pid, signal);
    const made = stack.seatClusters().size;
    expect(made, 'clusters at the moment of the signal').toBeLessThan(PEOPLE);
    expect(await first.ended).toBe(ends);

    expectEndedWell(stack, await ending);

    // Both took part, or nothing would have been proven.
    const took = (
      await Promise.all([...stack.seatClusters().keys()].map((key) => stack.chain(attendeeAddress(id, key))))
    )
      .flat()
      .flatMap(({ history }) => history.events ?? [])
      .map((event) => event.activityTaskStartedEventAttributes?.identity?.split('@')[0]);
    expect(took).toEqual(expect.arrayContaining([String(first.pid), String(second.pid)]));
  },
);

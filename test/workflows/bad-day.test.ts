import { expect, onTestFinished, test, vi } from 'vitest';
import { reportPage } from '../../src/domain/papers/report-page.ts';
import { workshop } from '../cli/run-cli.ts';
import { everReady } from './stage/ended-well.ts';
import { RealStack } from './stage/real-stack.ts';

const PEOPLE = 5;
const SCRIPT = 'attendee002@example.com';
const STOCKOUT = 'attendee003@example.com';
const RECOVERS = 'attendee004@example.com';

test('whose cluster fails is named with the reason; an answer that is lost makes no second cluster', async () => {
  const stack = await RealStack.start({
    people: PEOPLE,
    faults: [
      {
        name: 'script',
        cluster: { person: SCRIPT },
        effect: { launchFails: { code: 'INIT_SCRIPT_FAILURE', message: 'install.sh exited with 7' } },
      },
      {
        name: 'stockout',
        cluster: { person: STOCKOUT },
        effect: { launchFails: { code: 'CLOUD_PROVIDER_RESOURCE_STOCKOUT' } },
      },
      {
        name: 'once',
        cluster: { person: RECOVERS },
        count: 1,
        effect: { launchFails: { code: 'DRIVER_UNREACHABLE' } },
      },
      { name: 'lost', route: 'POST /api/2.1/clusters/create', count: 1, effect: { lostAnswer: true } },
    ],
  });
  onTestFinished(() => stack.stop());
  const id = await stack.open();
  const ending = stack.report(id);
  // It is waited for below; a failure before must not go unhandled meanwhile.
  ending.catch(() => {});

  await vi.waitFor(
    async () => {
      const { stdout } = await workshop(['status', id], stack.env);
      expect(stdout).toMatch(new RegExp(`${SCRIPT}.*\\n.*INIT_SCRIPT_FAILURE.*install\\.sh exited with 7`));
      expect(stdout).toMatch(new RegExp(`${STOCKOUT}.*\\n.*CLOUD_PROVIDER_RESOURCE_STOCKOUT`));
    },
    { timeout: 120_000, interval: 1_000 },
  );

  const report = await ending;
  expect(report.notReady).toMatchObject([
    { email: SCRIPT, cause: expect.stringContaining('install.sh exited with 7'), toDo: expect.stringContaining('log') },
    {
      email: STOCKOUT,
      cause: expect.stringContaining('CLOUD_PROVIDER_RESOURCE_STOCKOUT'),
      toDo: expect.stringContaining('node type'),
    },
  ]);
  expect(report.troubled).toMatchObject([
    { email: RECOVERS, launchesLost: 1, cause: expect.stringContaining('DRIVER_UNREACHABLE') },
  ]);
  expect(reportPage(report)).toContain(`- ${SCRIPT}: `);
  expect(everReady(report)).toEqual({ total: PEOPLE, ready: PEOPLE - 2, failed: 2, removed: PEOPLE });
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });

  const seats = [...stack.seatClusters().values()];
  expect(seats.map((clusters) => clusters.length)).toEqual(Array(PEOPLE).fill(1));
  const fired = Object.fromEntries(stack.sandbox.books().faults.map((fault) => [fault.name, fault.fired]));
  // A canary's create is lost as well; there may be no time for the second one.
  expect(fired).toEqual({
    script: expect.any(Number),
    stockout: expect.any(Number),
    once: 1,
    lost: expect.toBeOneOf([PEOPLE + 1, PEOPLE + 2]) as number,
  });
  expect(Math.min(fired['script'] ?? 0, fired['stockout'] ?? 0)).toBeGreaterThan(0);
});

import { expect, test, vi } from 'vitest';
import { estimate } from '../../src/domain/money/cost.ts';
import { paceAt } from '../../src/domain/replayed/time/pace.ts';
import { rehearsalPlan } from '../../src/cli/rehearsal/rehearsal-plan.ts';
import { workshop } from '../cli/run-cli.ts';
import { RealStack } from './stage/real-stack.ts';

const SPEED = 60;
const PEOPLE = 8;
const LATER_MS = 120_000;

test('the only worker dies in the drill: its machines go by themselves, and status says what may wait', async ({
  onTestFinished,
}) => {
  const stack = await RealStack.start({ people: PEOPLE });
  onTestFinished(() => stack.stop());
  const { plan, timeline } = await rehearsalPlan({
    attendees: PEOPLE,
    workspace: stack.sandbox.url,
    now: Date.now() + LATER_MS,
  });
  await stack.client.start({
    plan: { ...plan, testers: [] },
    people: stack.people,
    pace: paceAt(SPEED),
    workspaceId: stack.sandbox.workspaceId,
    timeline: { ...timeline, twoWeeksBefore: Date.now() },
    estimate: estimate(plan, PEOPLE).total.expected,
  });
  const pool = () => stack.sandbox.books().pools[0];
  const waiting = () => (pool()?.stats.idle_count ?? 0) + (pool()?.stats.pending_idle_count ?? 0);
  await vi.waitFor(() => expect(pool()?.stats.idle_count).toBeGreaterThan(0), { timeout: 60_000, interval: 20 });
  const [worker] = stack.workers;
  process.kill(worker?.pid ?? 0, 'SIGKILL');
  await worker?.ended;
  // The canary may have taken one of them already, booted or not.
  const taken = (pool()?.stats.used_count ?? 0) + (pool()?.stats.pending_used_count ?? 0);
  expect(waiting() + taken).toBeGreaterThanOrEqual(PEOPLE);

  const { code, stderr } = await workshop(['status', plan.id], stack.env);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/No worker answers/);
  expect(stderr).toMatch(/asked to keep 8 machines waiting.*databricks instance-pools edit --json/s);
  // A minute is the least that a pool counts in; the sandbox does not speed it up.
  await vi.waitFor(() => expect(waiting()).toBe(0), { timeout: 90_000, interval: 500 });
});

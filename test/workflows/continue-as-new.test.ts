import { expect, onTestFinished, test } from 'vitest';
import { cohortAddress, workshopAddress } from '../../src/domain/addresses.ts';
import { HEADINGS } from '../../src/domain/checklist.ts';
import { expectEndedWell } from './ended-well.ts';
import { RealStack } from './real-stack.ts';

const PEOPLE = 12;
/** So few that provisioning cannot fit into one run; a real workshop has thousands. */
const HISTORY_EVENTS = 150;

test('lifecycle and cohort continue as new in the middle of provisioning, and nobody notices', async () => {
  const stack = await RealStack.start({ people: PEOPLE });
  onTestFinished(() => stack.stop());
  const id = await stack.open({ historyEvents: HISTORY_EVENTS });
  const report = await stack.report(id);

  const lifecycle = await stack.chain(workshopAddress(id));
  const cohort = await stack.chain(cohortAddress(id, 0));
  const created = [...stack.seatClusters().values()].flat();
  const from = Math.min(...created.map(({ createdAt }) => createdAt));
  const to = Math.max(...created.map(({ history }) => history.findLast(({ state }) => state === 'RUNNING')?.at ?? 0));
  console.log(lifecycle.map((r) => [r.history.events?.length, Math.round(r.began - from)]), cohort.map((r) => [r.history.events?.length, Math.round(r.began - from)]), to - from, report);
  // A page is turned at every heading anyway.
  expect(lifecycle.filter(({ continued }) => continued).length).toBeGreaterThan(HEADINGS.length - 1);
  const inTheMiddle = cohort.filter(({ began }) => from < began && began < to);
  expect(inTheMiddle.length).toBeGreaterThanOrEqual(1);
  expect(lifecycle.at(-1)?.continued).toBe(false);
  expect(cohort.at(-1)?.continued).toBe(false);

  expectEndedWell(stack, report);
}, 300_000);

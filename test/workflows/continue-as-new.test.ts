import { defaultPayloadConverter } from '@temporalio/common';
import { expect, onTestFinished, test } from 'vitest';
import {
  attendeeAddress,
  cohortAddress,
  roomAddress,
  workshopAddress,
} from '../../src/domain/replayed/made/addresses.ts';
import { HEADINGS, type Heading } from '../../src/domain/replayed/checklist/lines.ts';
import type { WorkshopInput } from '../../src/workflows/workshop/lifecycle.ts';
import { expectEndedWell } from './stage/ended-well.ts';
import { eventually } from './stage/eventually.ts';
import { RealStack, type RunOfChain } from './stage/real-stack.ts';

const PEOPLE = 12;
/**
 * So few that the day cannot fit into one run, and enough for any one line of the guide; a real workshop has thousands.
 */
const HISTORY_EVENTS = 60;
/** Milliseconds between totals: a full cohort changes as often. */
const TOTALS = 250;
/** Launches three a second, so that provisioning lasts longer than the runs do. */
const WORKER_SPEED = 3;

function headingOf({ history }: RunOfChain): Heading {
  const payload = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (!payload) throw new Error('a run without input');
  return defaultPayloadConverter.fromPayload<WorkshopInput>(payload).state.heading;
}

test('lifecycle and cohort continue as new on the day, the cohort amid launches, and nobody notices', async () => {
  const stack = await RealStack.start({ people: PEOPLE, workerSpeed: WORKER_SPEED });
  onTestFinished(() => stack.stop());
  const id = await stack.open({ historyEvents: HISTORY_EVENTS, totals: TOTALS });
  const report = await stack.report(id);

  const clusters = [...stack.seatClusters().values()].flat();
  const firstCreate = Math.min(...clusters.map(({ createdAt }) => createdAt));
  const lastRunning = Math.max(
    ...clusters.map(({ history }) => history.findLast(({ state }) => state === 'RUNNING')?.at ?? 0),
  );
  const isInTheMiddle = ({ began }: RunOfChain) => firstCreate < began && began < lastRunning;

  const lifecycle = await stack.chain(workshopAddress(id));
  expect(lifecycle.at(-1)?.continued).toBe(false);
  // A page is turned at every heading; what counts are the runs that took over under the heading they found.
  expect([...new Set(lifecycle.map(headingOf))]).toEqual(HEADINGS);
  expect(lifecycle.filter(({ continued }) => continued).length).toBeGreaterThan(HEADINGS.length - 1);
  const takenOver = lifecycle.filter((run, n) => n > 0 && headingOf(run) === headingOf(lifecycle[n - 1] as RunOfChain));
  // While clusters are launched it has little to do itself: on their day is all that is sure.
  expect(takenOver.filter((run) => headingOf(run) === 'day of').length).toBeGreaterThanOrEqual(1);

  const cohort = await stack.chain(cohortAddress(id, 0));
  expect(cohort.at(-1)?.continued).toBe(false);
  expect(cohort.slice(1).filter(isInTheMiddle).length).toBeGreaterThanOrEqual(1);

  // They begin anew when a page is turned, too, so that no history lives for three weeks.
  const [key = ''] = stack.seatClusters().keys();
  const attendee = await stack.chain(attendeeAddress(id, key));
  expect(attendee.length).toBeGreaterThan(1);
  expect(attendee.slice(0, -1).every(({ continued }) => continued)).toBe(true);
  expect(attendee.at(-1)?.continued).toBe(false);

  // The room was opened with the day, and has heard that all is over.
  await eventually(async () => {
    const { status } = await stack.temporal.workflow.getHandle(roomAddress(id)).describe();
    expect(status.name).toBe('COMPLETED');
  });

  expectEndedWell(stack, report);

  // Whatever it was started by, all of it was dealt by the workshop's own key.
  const keys = await fairnessKeysOf(stack, id);
  const kinds = ['', '/cohort/0', `/attendee/${key}`, '/room', '/teardown'];
  expect([...keys.keys()]).toEqual(expect.arrayContaining(kinds.map((kind) => workshopAddress(id) + kind)));
  expect([...keys].filter(([, found]) => found !== id)).toEqual([]);
});

/** By workflow. */
async function fairnessKeysOf({ temporal }: RealStack, id: string): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  for await (const { workflowId } of temporal.workflow.list({
    query: `WorkflowId STARTS_WITH "${workshopAddress(id)}"`,
  })) {
    const { raw } = await temporal.workflow.getHandle(workflowId).describe();
    keys.set(workflowId, raw.workflowExecutionInfo?.priority?.fairnessKey ?? 'none');
  }
  return keys;
}

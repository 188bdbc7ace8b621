import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startWorkerProcess } from '../../src/cli/rehearsal/embedded/worker-process.ts';
import { attendeeAddress, cohortAddress, workshopAddress } from '../../src/domain/replayed/made/addresses.ts';
import { expectEndedWell } from './stage/ended-well.ts';
import { eventually } from './stage/eventually.ts';
import { RealStack, type History } from './stage/real-stack.ts';

const PEOPLE = 12;
/** Slow enough for a deployment in the middle of provisioning. */
const WORKER_SPEED = 5;
const TOMORROW = fileURLToPath(new URL('./stage/tomorrow/worker.ts', import.meta.url));
const LONG = 240_000;

const isOfTomorrow = ({ events }: History): boolean =>
  (events ?? []).some(({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_patch');
const hasFailedTask = ({ events }: History): boolean =>
  (events ?? []).some((event) => event.workflowTaskFailedEventAttributes?.failure?.message?.includes('TMPRL1100'));

test('changed steps, guarded with `patched`, are deployed in the middle of provisioning: everybody is ready', async ({
  onTestFinished,
}) => {
  const stack = await RealStack.start({ people: PEOPLE, workerSpeed: WORKER_SPEED });
  onTestFinished(() => stack.stop());
  const id = await stack.open();
  const ending = stack.report(id);
  // It is waited for below; a failure before must not go unhandled meanwhile.
  ending.catch(() => {});
  await eventually(() => expect(stack.seatClusters().size).toBeGreaterThan(0), LONG);

  const tomorrow = await startWorkerProcess({
    env: { ...stack.env, DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken },
    logFile: join(stack.folder, 'tomorrow.log'),
    entry: [TOMORROW, stack.folder, String(WORKER_SPEED)],
  });
  onTestFinished(() => tomorrow.stop());
  await stack.workers[0]?.stop();
  expectEndedWell(stack, await ending);

  const seats = [...stack.seatClusters().keys()].map((key) => attendeeAddress(id, key));
  const chains = async (ids: readonly string[]) =>
    (await Promise.all(ids.map((workflowId) => stack.chain(workflowId)))).flat().map(({ history }) => history);
  const attendees = await chains(seats);
  expect(attendees.filter(isOfTomorrow), 'attendees that took the changed step').toHaveLength(PEOPLE);
  for (const workflowId of [workshopAddress(id), cohortAddress(id, 0)])
    expect((await chains([workflowId])).some(isOfTomorrow), workflowId).toBe(true);
  expect((await chains([...seats, workshopAddress(id), cohortAddress(id, 0)])).filter(hasFailedTask)).toEqual([]);
});

/**
 * Records the histories that replay.test.ts replays. Run it by hand, with both servers of the tests there:
 *
 *     node test/workflows/record-histories.ts
 *
 * When: before the first release, and after a change of workflow code that is guarded with `patched`, so that both
 * ways are held. Not in order to make a failing replay pass while workshops that were started before are still
 * running: they would fail in the same way. Takes about a minute and replaces everything in test/workflows/histories.
 *
 * People and addresses in it are made up, the workspace is a sandbox, and what tells of this machine is taken out.
 */
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { attendeeAddress, cohortAddress, reaperAddress, teardownAddress, workshopAddress } from '../../src/domain/addresses.ts';
import { RealStack, type History, type RunOfChain } from './real-stack.ts';
import { withoutMachine } from './without-machine.ts';
import { writeRecordings, type Recorded, type RecordedHistory } from './recorded.ts';

const PEOPLE = 3;
/** Few enough for lifecycle and cohort to continue as new of themselves, too. */
const HISTORY_EVENTS = 60;
const REAPER_MS = 30_000;

const stack = await RealStack.start({ people: PEOPLE });
try {
  const id = await stack.open({ historyEvents: HISTORY_EVENTS });
  const reaper = stack.temporal.schedule.getHandle(reaperAddress(id));
  await reaper.trigger();
  const report = await stack.report(id);
  if (report.attendees.ready !== PEOPLE) throw new Error(`only ${report.attendees.ready} of ${PEOPLE} were ready: not worth keeping`);
  // Once more, now that nothing is left: it retires.
  await reaper.trigger();
  const reapers = await closedReapers(id, 2);

  const recordings = new Map<string, Recorded>();
  const keep = (name: string, workflowId: string, workflowType: string, history: History) =>
    recordings.set(name, { workflowId, workflowType, history: withoutMachine(JSON.parse(historyToJSON(history)) as RecordedHistory, { folder: stack.folder, host: hostname() }) });
  const keepChain = (workflowId: string, type: string, runs: readonly RunOfChain[]) =>
    runs.forEach(({ history }, n) => keep(`${type}-${n + 1}`, workflowId, type, history));

  keepChain(workshopAddress(id), 'workshop', await stack.chain(workshopAddress(id)));
  keepChain(cohortAddress(id, 0), 'cohort', await stack.chain(cohortAddress(id, 0)));
  keepChain(teardownAddress(id), 'teardown', await stack.chain(teardownAddress(id)));
  const [key = ''] = stack.seatClusters().keys();
  keepChain(attendeeAddress(id, key), 'attendee', await stack.chain(attendeeAddress(id, key)));
  reapers.forEach(({ workflowId, history }, n) => keep(`reaper-${n + 1}`, workflowId, 'reaper', history));

  writeRecordings(recordings);
  process.stdout.write(`${recordings.size} histories recorded: ${[...recordings.keys()].join(', ')}\n`);
} finally {
  await stack.stop();
}

/** The listing of workflows lags a little behind. */
async function closedReapers(id: string, least: number): Promise<{ workflowId: string; history: History }[]> {
  const deadline = performance.now() + REAPER_MS;
  for (;;) {
    const found: { workflowId: string; history: History }[] = [];
    for await (const { workflowId, runId, status } of stack.temporal.workflow.list({ query: 'WorkflowType = "reaper"' })) {
      if (status.name !== 'COMPLETED' || !workflowId.startsWith(reaperAddress(id))) continue;
      found.push({ workflowId, history: await stack.temporal.workflow.getHandle(workflowId, runId).fetchHistory() });
    }
    if (found.length >= least) return found.toSorted((a, b) => (a.workflowId < b.workflowId ? -1 : 1));
    if (performance.now() > deadline) throw new Error(`${found.length} of ${least} visits of the reaper are there after ${REAPER_MS / 1_000} s`);
    await wait(500);
  }
}

/**
 * Records the histories that replay.test.ts replays. Run it by hand, with both servers of the tests there:
 *
 *     node test/workflows/stage/record-histories.ts
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
import {
  attendeeAddress,
  cohortAddress,
  reaperAddress,
  teardownAddress,
  workshopAddress,
} from '../../../src/domain/replayed/made/addresses.ts';
import { everReady } from './ended-well.ts';
import { RealStack, type History, type RunOfChain } from './real-stack.ts';
import { writeRecordings, type Recorded, type RecordedHistory } from './recorded.ts';
import { worthKeeping } from './worth-keeping.ts';

const PEOPLE = 3;
/** Few enough for the cohort to continue as new, which else only a large one does. */
const HISTORY_EVENTS = 100;
const REAPER_MS = 30_000;

const stack = await RealStack.start({ people: PEOPLE });
try {
  const id = await stack.open({ historyEvents: HISTORY_EVENTS });
  const reaper = stack.temporal.schedule.getHandle(reaperAddress(id));
  await reaper.trigger();
  const report = await stack.report(id);
  if (everReady(report).ready !== PEOPLE)
    throw new Error(`only ${everReady(report).ready} of ${PEOPLE} were ready: not worth keeping`);
  // Once more, now that nothing is left: it retires.
  await reaper.trigger();
  const reapers = await visitsOfReaper(id, 2);

  const recordings = new Map<string, Recorded>();
  const keep = (name: string, workflowId: string, workflowType: string, history: History) =>
    recordings.set(name, {
      workflowId,
      workflowType,
      history: worthKeeping(JSON.parse(historyToJSON(history)) as RecordedHistory, {
        folder: stack.folder,
        host: hostname(),
      }),
    });
  const keepChain = (workflowId: string, type: string, runs: readonly RunOfChain[]) =>
    runs.forEach(({ history }, n) => keep(`${type}/${n + 1}`, workflowId, type, history));

  keepChain(workshopAddress(id), 'workshop', await stack.chain(workshopAddress(id)));
  keepChain(cohortAddress(id, 0), 'cohort', await stack.chain(cohortAddress(id, 0)));
  keepChain(teardownAddress(id), 'teardown', await stack.chain(teardownAddress(id)));
  const [key = ''] = stack.seatClusters().keys();
  keepChain(attendeeAddress(id, key), 'attendee', await stack.chain(attendeeAddress(id, key)));
  reapers.forEach(({ workflowId, history }, n) => keep(`reaper/${n + 1}`, workflowId, 'reaper', history));

  writeRecordings(recordings);
  process.stdout.write(`${recordings.size} histories recorded: ${[...recordings.keys()].join(', ')}\n`);
} finally {
  await stack.stop();
}

/**
 * One visit of each outcome. The listing of workflows lags a little behind, and the schedule makes visits of its own.
 */
async function visitsOfReaper(id: string, outcomes: number): Promise<{ workflowId: string; history: History }[]> {
  const deadline = performance.now() + REAPER_MS;
  for (;;) {
    const found = new Map<string, { workflowId: string; history: History }>();
    for await (const { workflowId, runId, status } of stack.temporal.workflow.list({
      query: 'WorkflowType = "reaper"',
    })) {
      if (status.name !== 'COMPLETED' || !workflowId.startsWith(reaperAddress(id))) continue;
      const visit = stack.temporal.workflow.getHandle(workflowId, runId);
      found.set((await visit.result()) as string, { workflowId, history: await visit.fetchHistory() });
    }
    if (found.size >= outcomes) return [...found.values()].toSorted((a, b) => (a.workflowId < b.workflowId ? -1 : 1));
    if (performance.now() > deadline)
      throw new Error(`after ${REAPER_MS / 1_000} s the reaper has only said: ${[...found.keys()].join(' ')}`);
    await wait(500);
  }
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { workshopAddress } from '../src/domain/replayed/made/addresses.ts';
import type { Day } from './day.ts';
import { Facilitator } from './facilitator.ts';
import { harmed, inviteStrangers } from './strangers.ts';
import { violationsOf } from './violations.ts';
import { World } from './world.ts';

/** What became of one day. */
export interface Outcome {
  readonly violations: readonly string[];
  readonly ending: string;
  /** What was asked, and what came back. */
  readonly said: readonly string[];
  readonly tookMs: number;
}

/** Workflows that end with the lifecycle may take a moment longer. */
const SETTLE_MS = 3_000;
const SETTLES_AT_MOST_MS = 60_000;

/** Runs one day in a world of its own. @param folder keeps all that it wrote, its histories and books among it */
export async function runDay(day: Day, folder: string): Promise<Outcome> {
  const began = Date.now();
  const world = await World.start(day, folder);
  const facilitator = new Facilitator(world, day);
  try {
    await facilitator.start();
    const strangers = await inviteStrangers(world.sandbox, facilitator.id, facilitator.runId);
    const ending = await facilitator.run();
    const judge = async () => [
      ...(await violationsOf(world, facilitator, ending)),
      ...harmed(world.sandbox, strangers).map((text) => `harmed stranger: ${text}`),
    ];
    let violations = await judge();
    for (let waited = 0; violations.length > 0 && waited < SETTLES_AT_MOST_MS; waited += SETTLE_MS) {
      await wait(SETTLE_MS);
      violations = await judge();
    }
    if (violations.length > 0) await keep(world, facilitator);
    return { violations, ending: ending.how, said: facilitator.said, tookMs: Date.now() - began };
  } finally {
    await world.stop();
  }
}

/** Histories and books, beside the logs and letters that lie there already. */
async function keep({ sandbox, temporal, folder }: World, { id }: Facilitator): Promise<void> {
  await writeFile(join(folder, 'books.json'), JSON.stringify(sandbox.books(), undefined, 1));
  for await (const { workflowId, runId } of temporal.workflow.list({
    query: `WorkflowId STARTS_WITH "${workshopAddress(id)}"`,
  })) {
    const history = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    await writeFile(join(folder, `${workflowId.replaceAll('/', '_')}-${runId}.json`), historyToJSON(history));
  }
}

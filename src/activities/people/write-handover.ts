import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { handoverPage } from '../../domain/papers/handover-page.ts';
import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { privateFolder, writePrivately } from '../../private-file.ts';
import { isLasting } from '../retryable-failures.ts';
import type { ActivityDeps } from '../deps.ts';
import type { Run } from '../run.ts';
import { askRosters } from './rosters.ts';

/** Tries at the cohorts and at the logs volume before the page has to do without. */
const TRIES = 4;
/** Enough that nobody finds another page with the same beginning. */
const MARK_LENGTH = 16;

export const handoverActivities = ({ workspace, temporal, folder }: ActivityDeps) => ({
  /**
   * Writes `handover.md` into the workshop's folder, and into its logs volume, where it is found when the worker's
   * computer is gone. People can write to that volume: the evidence has the beginning of the page's SHA-256, by which
   * whoever is about to paste commands from there sees that it is still this one. A volume that refuses it is said,
   * not fatal. Idempotent: a later page takes the place of an earlier one.
   */
  async writeHandover(run: Run, inForce: PlanInForce): Promise<string> {
    const { seats, silent } = await askRosters(temporal, run.workshopId, inForce.cohorts);
    const isLastTry = Context.current().info.attempt >= TRIES;
    if (silent.length > 0 && !isLastTry)
      throw ApplicationFailure.retryable(
        silent.map(({ n, why }) => `Cohort ${n} does not say who is in it: ${why}`).join(' '),
        'NO_ANSWER',
      );
    const page = handoverPage({ inForce, seats, silent: silent.length, writtenAt: Date.now() });
    const home = join(folder, run.workshopId);
    await privateFolder(home);
    const file = join(home, 'handover.md');
    await writePrivately(file, page);
    const mark = `SHA-256 begins with ${createHash('sha256').update(page).digest('hex').slice(0, MARK_LENGTH)}`;
    const path = volumePath(inForce.plan.unityCatalog.logs, `workshop-${run.workshopId}-handover.md`);
    try {
      await workspace.files.upload(path, Buffer.from(page), { overwrite: true });
      return `${file} and ${path}; ${mark}`;
    } catch (error) {
      if (!isLasting(error) && !isLastTry) throw error;
      return `${file}; ${mark}; not in ${path}: ${(error as Error).message.slice(0, 200)}`;
    }
  },
});

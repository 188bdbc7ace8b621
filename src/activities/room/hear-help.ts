import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { HEADINGS, isOnTheDay } from '../../domain/replayed/checklist/lines.ts';
import { workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { HELP_FOLDER, type Heard, type HelpHeard } from '../../domain/room/help.ts';
import { takesPart } from '../../domain/replayed/seat/seat.ts';
import { pollUntil } from '../clusters/waiting.ts';
import type { ActivityDeps } from '../deps.ts';
import { askRosters } from '../people/rosters.ts';
import type { Run } from '../run.ts';
import { workflowStatus } from '../workflow-status.ts';
import { HelpFolder, type HelpFile } from './help-folder.ts';

export interface HearRequest {
  /** Names of files that were taken: they are deleted, and not read again. */
  readonly taken: readonly string[];
  readonly everyMs: number;
  /** Returns after this long even if nobody asked for anything. */
  readonly limitMs: number;
}

/** Of what one look may bring: the rest is there at the next. */
const MOST_READ = 20;

/** Whoever types `help-me` on a cluster that reaches nothing but its workspace. */
export const hearHelpActivities = ({ closing, workspace, temporal }: ActivityDeps) => ({
  /**
   * Looks into the folder in which `help-me` writes, until somebody has asked for help. What is there is untrusted:
   * only files of a seat's cluster count, one a cluster and look, and what is not as it should be is passed over.
   * Heartbeats; restarts on any worker. Without the folder nobody has asked yet.
   */
  async hearHelp(run: Run, { taken, everyMs, limitMs }: HearRequest): Promise<Heard> {
    const workflowId = workshopAddress(run.workshopId);
    const isRunning = async () => (await workflowStatus(temporal, workflowId))?.status === 'running';
    if (!(await isRunning())) return { next: 'over' };
    const lifecycle = temporal.workflow.getHandle(workflowId);
    const inForce = () => lifecycle.query<PlanInForce>(MESSAGES.planInForce);
    const { plan, runId } = await inForce();
    if (runId !== run.runId) return { next: 'over' };
    const { heading } = await lifecycle.query<Progress>(MESSAGES.progress);
    if (!isOnTheDay(HEADINGS.indexOf(heading))) return { next: 'not yet' };

    const began = Date.now();
    const folder = new HelpFolder(workspace, volumePath(plan.unityCatalog.logs, HELP_FOLDER));
    const left = await folder.delete(taken);
    const passedOver = new Set(taken);
    let ignored = 0;
    const ignore = (name: string) => {
      passedOver.add(name);
      ignored += 1;
    };
    const askedIn = async (files: readonly HelpFile[]): Promise<HelpHeard[]> => {
      // Everybody's cluster as it is now: somebody may have another one since.
      const { seats, silent } = await askRosters(temporal, run.workshopId, (await inForce()).cohorts);
      const keys = new Map(
        seats.flatMap((seat) => (takesPart(seat) && seat.cluster ? [[seat.cluster.id, seat.key] as const] : [])),
      );
      const read = new Set<string>();
      const asked: HelpHeard[] = [];
      for (const file of files) {
        const key = keys.get(file.cluster);
        if (key !== undefined && (read.has(key) || read.size >= MOST_READ)) continue;
        if (key !== undefined) {
          read.add(key);
          const help = await folder.read(file);
          if (help === undefined) ignore(file.name);
          else asked.push({ ...help, key, file: file.name });
        }
        // Where a cohort does not answer at present, it may be of somebody in it.
        else if (silent.length === 0) ignore(file.name);
      }
      return asked;
    };
    return pollUntil<Heard>(closing, everyMs, async () => {
      const { files, odd } = await folder.list(passedOver);
      for (const name of odd) ignore(name);
      const asked = files.length === 0 ? [] : await askedIn(files);
      const isLate = Date.now() - began >= limitMs;
      if (asked.length > 0 || isLate) return { next: 'again', asked, left, ignored };
      return (await isRunning()) ? undefined : { next: 'over' };
    });
  },
});

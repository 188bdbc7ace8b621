import { DatabricksError, meansNotFound, type App, type Workspace } from '../../databricks/workspace.ts';
import {
  costsMoney,
  type AppsAtEnd,
  type PersonsApp,
  type RunningApp,
} from '../../domain/replayed/ending/apps-at-end.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { ActivityDeps } from '../deps.ts';
import { readRosters } from '../people/rosters.ts';
import type { Run } from '../run.ts';

export interface AppsRequest {
  readonly plan: Pick<Plan, 'apps'>;
  readonly timeline: Pick<Timeline, 'dayOf'>;
  readonly cohorts: number;
  /** Names that were found before: they are this workshop's, and one that is missing is gone. */
  readonly known: readonly string[];
}

/**
 * Apps that one of these people made since then; never by name alone, and none that was there before
 * (docs/facts/apps-clients.md section 6). One without a creator or a time is nobody's here.
 * @param since epoch milliseconds
 */
export async function appsOf(
  { apps }: Pick<Workspace, 'apps'>,
  emails: readonly string[],
  since: number,
): Promise<App[]> {
  const people = new Set(emails.map((email) => email.toLowerCase()));
  const found: App[] = [];
  for await (const app of apps.list()) {
    const madeAt = Date.parse(app.create_time ?? '');
    if (people.has((app.creator ?? '').toLowerCase()) && madeAt >= since) found.push(app);
  }
  return found;
}

const stateOf = (app: App): string => app.compute_status?.state ?? 'UNKNOWN';
const shown = (app: App): PersonsApp => ({ name: app.name, creator: app.creator ?? '', state: stateOf(app) });
const running = (app: App): RunningApp => ({
  name: app.name,
  madeAt: Date.parse(app.create_time ?? ''),
  size: app.compute_size === 'LARGE' ? 2 : 1,
});

/** What people built, when the workshop is over. */
export const peopleAppsActivities = ({ workspace, temporal }: ActivityDeps) => ({
  /**
   * One look at the apps that people of this workshop made since the morning of its day, and what the plan wants of
   * each: stopped, deleted, or left alone. Others' apps, and what was there before, are not touched. One that refuses
   * holds up no other, and is said. Idempotent; asked again until all are as they should be.
   */
  async endApps(run: Run, { plan, timeline, cohorts, known }: AppsRequest): Promise<AppsAtEnd> {
    const seats = await readRosters(temporal, run.workshopId, cohorts);
    const emails = seats.map(({ email }) => email);
    const { afterwards } = plan.apps;
    const before = await appsOf(workspace, emails, timeline.dayOf);
    const refused: AppsAtEnd['refused'][number][] = [];
    for (const app of before) {
      const why = await end(workspace, app, afterwards);
      if (why !== undefined) refused.push({ name: app.name, why });
    }
    const isSame = before.length === 0 || afterwards === 'keep';
    const after = isSame ? before : await appsOf(workspace, emails, timeline.dayOf);
    const names = [...new Set([...known, ...before.map(({ name }) => name)])];
    const ran = before.filter((app) => costsMoney(stateOf(app))).map(running);
    return { afterwards, names, there: after.map(shown), refused, ran };
  },
});

/** Asks for it; returns the server's words where it would not. What has happened already is refused with 400. */
async function end(
  { apps }: Pick<Workspace, 'apps'>,
  app: App,
  afterwards: AppsAtEnd['afterwards'],
): Promise<string | undefined> {
  const isEnding = ['DELETING', ...(afterwards === 'stop' ? ['STOPPED', 'STOPPING'] : [])].includes(stateOf(app));
  if (afterwards === 'keep' || isEnding) return undefined;
  try {
    await (afterwards === 'stop' ? apps.stop(app.name) : apps.delete(app.name));
    return undefined;
  } catch (error) {
    if (meansNotFound(error)) return undefined;
    if (error instanceof DatabricksError && error.status < 500 && error.status !== 429) return error.detail;
    throw error;
  }
}

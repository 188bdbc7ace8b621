import { patiently } from '../../input/patiently.ts';
import { appRoomIn, capabilities, remainsOf } from '../../../preview.ts';
import { seatsOf } from '../../../domain/roster/seats.ts';
import { EXIT } from '../../input/exit.ts';
import { planFrom, type PlanAndRoster } from '../../input/input-files.ts';
import { print, printJson } from '../../terminal/output.ts';
import { planPage, summaryOf, type WorkspaceView } from '../../terminal/plan-page.ts';
import { previewOf } from '../../input/plan-preview.ts';
import { samePeopleIfAsked } from './same-people.ts';
import { styleFor } from '../../terminal/style.ts';
import { hasCredentials, withWorkspace } from '../../input/with-workspace.ts';

export interface PlanOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
}

/** Prints what a plan will do. The exit code says whether anything is in the way. @throws {WrongInput} */
export async function showPlan(file: string, { offline, json }: PlanOptions): Promise<void> {
  const read = await planFrom(file);
  const now = Date.now();
  const worked = previewOf(read, now);
  const { id } = read.plan;
  const same = offline ? [] : await samePeopleIfAsked({ id, people: read.people, timeline: worked.timeline });
  const preview = { ...worked, warnings: [...worked.warnings, ...same] };
  const view = await viewOf(read, offline === true);
  if (json) printJson({ ...preview, workspace: view, summary: summaryOf(preview) });
  else print(planPage(preview, view, styleFor(process.stdout)).join('\n'));
  const inTheWay =
    preview.timeline.end <= now ||
    !((view.asked ? view.apps : undefined) ?? preview.apps).isEnough ||
    (view.asked && (view.remains.ours.length > 0 || view.rights.some(({ verdict }) => verdict === 'no')));
  process.exitCode = inTheWay ? EXIT.notAsWanted : EXIT.ok;
}

async function viewOf({ plan, people }: PlanAndRoster, offline: boolean): Promise<WorkspaceView> {
  if (offline) return { asked: false, because: 'because of --offline' };
  if (!hasCredentials(process.env)) {
    return {
      asked: false,
      because:
        "The environment names no credentials: with the worker's (DATABRICKS_HOST and " +
        'DATABRICKS_TOKEN, say) this shows what it may do.',
    };
  }
  return withWorkspace(plan.workspace, async ({ workspace, me }) => ({
    asked: true,
    host: workspace.host,
    workspaceId: me.workspaceId,
    user: me.userName,
    rights: await capabilities(workspace, plan, seatsOf(plan, people)),
    remains: await patiently(() => remainsOf(workspace, plan.id)),
    apps: await appRoomIn(workspace, plan, people.length),
  }));
}

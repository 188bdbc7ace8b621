import { patiently } from '../../input/patiently.ts';
import { capabilities, remainsOf } from '../../../preview.ts';
import { EXIT } from '../../input/exit.ts';
import { planFrom, type PlanAndRoster } from '../../input/input-files.ts';
import { print, printJson } from '../../terminal/output.ts';
import { planPage, type WorkspaceView } from '../../terminal/plan-page.ts';
import { previewOf } from '../../input/plan-preview.ts';
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
  const preview = previewOf(read, now);
  const view = await viewOf(read, offline === true);
  if (json) printJson({ ...preview, workspace: view });
  else print(planPage(preview, view, styleFor(process.stdout)).join('\n'));
  const inTheWay =
    preview.timeline.end <= now ||
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
    rights: await capabilities(workspace, plan, people.length),
    remains: await patiently(() => remainsOf(workspace, plan.id)),
  }));
}

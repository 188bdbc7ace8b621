import { EXIT } from '../../input/exit.ts';
import { plansFrom, type PlanAndRoster } from '../../input/input-files.ts';
import { modelToCome, type WithModel } from '../../input/listed-model.ts';
import { print, printJson } from '../../terminal/output.ts';
import { planPage, summaryOf, type WorkspaceView } from '../../terminal/plan-page.ts';
import { previewOf } from '../../input/plan-preview.ts';
import { samePeopleIfAsked } from './same-people.ts';
import { styleFor } from '../../terminal/style.ts';
import { hasCredentials, withWorkspace } from '../../input/with-workspace.ts';
import { isInTheWay, unknownRuntime, viewIn, type PlanOptions } from './view-of-workspace.ts';

/** Prints what a plan will do. The exit code says whether anything is in the way. @throws {WrongInput} */
export async function showPlan(file: string, options: PlanOptions): Promise<void> {
  const { offline, json } = options;
  const now = Date.now();
  const given = await plansFrom(file);
  if ('event' in given) {
    const { showEventPlan } = await import('../several/show-event-plan.ts');
    return showEventPlan(file, given, options);
  }
  const { view, read } = await viewOf(given, offline === true);
  const worked = previewOf(read, now);
  const { id, timeZone } = read.plan;
  const same = offline ? [] : await samePeopleIfAsked({ id, people: read.people, timeline: worked.timeline, timeZone });
  const runtime = view.asked ? unknownRuntime(read.plan.compute.sparkVersion, view.runtimes) : [];
  const about = read.aboutModel === undefined ? modelToCome(read) : [read.aboutModel];
  const preview = {
    ...worked,
    claude: [...about, ...worked.claude],
    warnings: [...worked.warnings, ...same, ...runtime],
  };
  if (json) printJson({ ...preview, workspace: view, summary: summaryOf(preview) });
  else print(planPage(preview, view, styleFor(process.stdout)).join('\n'));
  process.exitCode = isInTheWay(preview, view) ? EXIT.notAsWanted : EXIT.ok;
}

/** What the workspace says, and the plan with the model that it lists, where the file names none. */
async function viewOf(
  given: PlanAndRoster,
  offline: boolean,
): Promise<{ readonly view: WorkspaceView; readonly read: WithModel<PlanAndRoster> }> {
  const unasked = (because: string) => ({ view: { asked: false, because } as const, read: given });
  if (offline) return unasked('because of --offline');
  if (!hasCredentials(process.env)) {
    return unasked(
      "The environment names no credentials: with the worker's (DATABRICKS_HOST and " +
        'DATABRICKS_TOKEN, say) this shows what it may do.',
    );
  }
  return withWorkspace(given.plan.workspace, (signedIn) => viewIn(signedIn, given));
}

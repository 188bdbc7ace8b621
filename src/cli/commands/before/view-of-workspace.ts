import { appRoomIn, capabilities, ownMachinesIn, remainsOf, runtimesOf } from '../../../preview.ts';
import { mistakes } from '../../../domain/roster/mistakes.ts';
import { seatsOf } from '../../../domain/roster/seats.ts';
import type { PlanAndRoster } from '../../input/input-files.ts';
import { withListedModel, type WithModel } from '../../input/listed-model.ts';
import { patiently } from '../../input/patiently.ts';
import type { PlanPreview } from '../../input/plan-preview.ts';
import type { SignedIn } from '../../input/with-workspace.ts';
import type { WorkspaceView } from '../../terminal/plan-page.ts';

export interface PlanOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
  readonly profile?: readonly string[];
}

/** Whether anything keeps the plan from being started. */
export const isInTheWay = (preview: PlanPreview, view: WorkspaceView): boolean =>
  preview.timeline.end <= preview.now ||
  !((view.asked ? view.apps : undefined) ?? preview.apps).isEnough ||
  (view.asked && (view.remains.ours.length > 0 || view.rights.some(({ verdict }) => verdict === 'no')));

/** What to say of a runtime that is in no list; one that a workspace hides may still run. */
export function unknownRuntime(wanted: string, runtimes: readonly string[] | undefined): string[] {
  if (runtimes === undefined || runtimes.length === 0 || runtimes.includes(wanted)) return [];
  const near = runtimes
    .map((key) => ({ key, far: mistakes(wanted, key) }))
    .toSorted((a, b) => a.far - b.far)
    .slice(0, 2)
    .map(({ key }) => key);
  return [
    `The workspace lists no runtime ${wanted} (compute.sparkVersion): with a misspelt one no cluster can be made. ` +
      `Near to it are ${near.join(' and ')}; databricks clusters spark-versions lists them all.`,
  ];
}

/** What a workspace says of a plan, and the plan with the model that it lists, where the file names none. */
export async function viewIn(
  { workspace, me }: SignedIn,
  given: PlanAndRoster,
): Promise<{ readonly view: Extract<WorkspaceView, { asked: true }>; readonly read: WithModel<PlanAndRoster> }> {
  const read = await withListedModel(workspace, given);
  const { plan, people } = read;
  const view = {
    asked: true,
    host: workspace.host,
    workspaceId: me.workspaceId,
    user: me.userName,
    rights: await capabilities(workspace, plan, seatsOf(plan, people)),
    remains: await patiently(() => remainsOf(workspace, plan.id)),
    apps: await appRoomIn(workspace, plan, people.length),
    runtimes: await runtimesOf(workspace),
    ownMachines: await ownMachinesIn(workspace),
  } as const;
  return { view, read };
}

import { Command } from 'commander';
import { capabilities, remainsOf } from '../../../preview.ts';
import { EXIT } from '../../input/exit.ts';
import { planFrom, type PlanAndRoster } from '../../input/files.ts';
import { print, printJson } from '../../terminal/output.ts';
import { planPage, type WorkspaceView } from '../../terminal/plan-page.ts';
import { previewOf } from '../../input/plan-preview.ts';
import { styleFor } from '../../terminal/style.ts';
import { hasCredentials, withWorkspace } from '../../input/with-workspace.ts';

/** `workshop plan`: what `start` would do, without doing any of it. */
export function planCommand(): Command {
  return new Command('plan')
    .description(
      'Check a plan and its roster and show what it will do: what is made, when, what people are asked, at what cost. Changes nothing.',
    )
    .argument('<file>', 'the plan, like workshop.example.yaml')
    .option('--offline', 'do not ask the workspace what the worker may do there')
    .option('--json', 'print the preview as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  workshop plan my-workshop.yaml\n\nExit code 0: it can be started. 1: something is in the way: it is over, its id is in use in the workspace, or an admin has to grant something first.',
    )
    .action(async (file: string, { offline, json }: { offline?: boolean; json?: boolean }) => {
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
    });
}

async function viewOf({ plan, people }: PlanAndRoster, offline: boolean): Promise<WorkspaceView> {
  if (offline) return { asked: false, because: 'because of --offline' };
  if (!hasCredentials(process.env)) {
    return {
      asked: false,
      because:
        "The environment names no credentials: with the worker's (DATABRICKS_HOST and DATABRICKS_TOKEN, say) this shows what it may do.",
    };
  }
  return withWorkspace(plan.workspace, async ({ workspace, me }) => ({
    asked: true,
    host: workspace.host,
    workspaceId: me.workspaceId,
    user: me.userName,
    rights: await capabilities(workspace, plan, people.length),
    remains: await remainsOf(workspace, plan.id),
  }));
}

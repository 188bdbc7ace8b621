import { Command } from 'commander';
import { PROFILE } from '../../input/options.ts';
import type { PlanOptions } from './view-of-workspace.ts';

/** `workshop plan`: what `start` would do, without doing any of it. */
export function planCommand(): Command {
  return new Command('plan')
    .description(
      'Check a plan and its roster and show what it will do: what is made, when, what people are asked, ' +
        'at what cost. Changes nothing.',
    )
    .argument('<file>', 'the plan, like workshop.example.yaml')
    .option(...PROFILE)
    .option('--offline', 'do not ask the workspace what the worker may do there')
    .option('--json', 'print the preview as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, options: PlanOptions) => {
      const { showPlan } = await import('./show-plan.ts');
      await showPlan(file, options);
    });
}

const HELP = `
Example:
  workshop plan my-workshop.yaml

Exit code 0: it can be started. 1: something is in the way: it is over, its id is in use in the workspace, or an \
admin has to grant something first.`;

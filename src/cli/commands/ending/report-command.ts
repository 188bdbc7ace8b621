import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { ReportOptions } from './show-report.ts';

/** `workshop report`: who was ready, what it cost, and the proof that nothing is left. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Show the report of a workshop that is over: from Temporal, or, when that has forgotten it, from where it was ' +
        'written.',
    )
    .argument(...ID)
    .option('--folder <folder>', 'where the worker wrote it', 'workshops')
    .option('--plan <file>', 'the plan, to look in its logs volume with the credentials of the environment')
    .option('--answers <file>', 'a CSV of what people answered afterwards, summed up below the report')
    .option('--json', 'print it as JSON')
    .addHelpText('after', HELP)
    .action(async (id: string | undefined, options: ReportOptions) => {
      const { showReport } = await import('./show-report.ts');
      await showReport(id, options);
    });
}

const HELP = `
Examples:
  workshop report spring-apps --plan my-workshop.yaml
  workshop report spring-apps --answers answers.csv

Exit code 0: the workspace is proven empty. 1: it is not.`;

import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { StatusOptions } from './show-status.ts';

/** `workshop status`: where a workshop is, line by line of the guide. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Show how a workshop stands: a verdict, what you do next, who has trouble, and when all are ready.')
    .argument(...ID)
    .option('--watch', 'keep showing it until it is over, or Ctrl-C')
    .option('--json', 'print what the progress query answers, with verdict and forecast, as JSON')
    .addHelpText('after', HELP)
    .action(async (id: string | undefined, options: StatusOptions) => {
      const { showStatus } = await import('./show-status.ts');
      await showStatus(id, options);
    });
}

const HELP = `
Example:
  workshop status spring-apps --watch

Exit code 0: nothing failed and nobody is late with an answer. 1: something did, or is, or most clusters are broken, \
or the lifecycle has ended from outside.`;

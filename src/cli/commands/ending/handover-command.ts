import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { HandoverOptions } from './show-handover.ts';

/** `workshop handover`: how to finish and take down a workshop without this program. */
export function handoverCommand(): Command {
  return new Command('handover')
    .description('Print the page with which somebody finishes a workshop when this program cannot be used any more.')
    .argument(...ID)
    .option('--out <file>', 'write it there instead, for you alone to read')
    .addHelpText('after', HELP)
    .action(async (id: string | undefined, options: HandoverOptions) => {
      const { showHandover } = await import('./show-handover.ts');
      await showHandover(id, options);
    });
}

const HELP = `
Example:
  workshop handover spring-apps --out handover.md

It names people and their clusters, says who helps and what to do about known troubles, and has the databricks
commands that start, stop and remove everything. The worker writes the same page the day before, into the workshop's
folder and into its logs volume.`;

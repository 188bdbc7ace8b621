import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { HistoryOptions } from './show-history.ts';

/** `workshop history`: who changed what, and when. */
export function historyCommand(): Command {
  return new Command('history')
    .description('Show who changed what about a workshop, and when: from its start to its end, as Temporal keeps it.')
    .argument(...ID)
    .option('--json', 'print it as JSON, with all that was said')
    .addHelpText('after', '\nExample:\n  workshop history spring-apps')
    .action(async (id: string | undefined, options: HistoryOptions) => {
      const { showHistory } = await import('./show-history.ts');
      await showHistory(id, options);
    });
}

import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { ReplaceOptions } from './replace-cluster.ts';

/** `workshop swap`: another cluster for one person at once, on a machine that waits in the pool if there is one. */
export function swapCommand(): Command {
  return new Command('swap')
    .description('Give one person a new cluster at once; the broken one is stopped, and kept for a look until the end.')
    .usage('[options] [id] <email>')
    .argument(...ID)
    .argument('[email]', 'the address, or how it begins where that is enough')
    .option('--by <name>', 'who asks', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON, and do not wait for the cluster')
    .addHelpText('after', '\nExample:\n  workshop swap spring-apps ann@example.com')
    .action(
      async (first: string | undefined, second: string | undefined, options: ReplaceOptions, command: Command) => {
        const { id, what } = idAnd(command, first, second);
        const { replaceCluster } = await import('./replace-cluster.ts');
        await replaceCluster(id, what, 'new cluster', options);
      },
    );
}

import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { ReplaceOptions } from './replace-cluster.ts';

/** `workshop replace-cluster`: mends one person's cluster; a new one is the last resort. */
export function replaceClusterCommand(): Command {
  return new Command('replace-cluster')
    .description(
      "Mend one person's cluster: a restart first, then another machine under the same id, a new cluster only at last.",
    )
    .usage('[options] [id] <email>')
    .argument(...ID)
    .argument('[email]', 'the address, or how it begins where that is enough')
    .option('--by <name>', 'who asks', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop replace-cluster spring-apps ann@example.com')
    .action(
      async (first: string | undefined, second: string | undefined, options: ReplaceOptions, command: Command) => {
        const { id, what } = idAnd(command, first, second);
        const { replaceCluster } = await import('./replace-cluster.ts');
        await replaceCluster(id, what, 'restart', options);
      },
    );
}

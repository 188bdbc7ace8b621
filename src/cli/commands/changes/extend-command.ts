import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { ExtendOptions } from './extend.ts';

/** `workshop extend`: more time for the room. */
export function extendCommand(): Command {
  return new Command('extend')
    .description('Let a workshop end later: until the first cluster is deleted, also when it was over already.')
    .usage('[options] [id] <time>')
    .argument(...ID)
    .argument('[time]', 'how much longer, like 30m or 1h')
    .option('--by <name>', 'who decides', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop extend spring-apps 1h')
    .action(async (first: string | undefined, second: string | undefined, options: ExtendOptions, self: Command) => {
      const { id, what } = idAnd(self, first, second);
      const { extend } = await import('./extend.ts');
      await extend(id, what, options);
    });
}

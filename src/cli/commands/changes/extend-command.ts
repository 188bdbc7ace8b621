import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import type { ExtendOptions } from './extend.ts';

/** `workshop extend`: more time for the room. */
export function extendCommand(): Command {
  return new Command('extend')
    .description('Let a workshop end later: until the first cluster is deleted, also when it was over already.')
    .argument('<id>', "the workshop's id")
    .argument('<time>', 'how much longer, like 30m or 1h')
    .option('--by <name>', 'who decides', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop extend spring-apps 1h')
    .action(async (id: string, time: string, options: ExtendOptions) => {
      const { extend } = await import('./extend.ts');
      await extend(id, time, options);
    });
}

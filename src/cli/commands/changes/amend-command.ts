import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { AmendOptions } from './amend.ts';

/** `workshop amend`: the plan's file is read anew, and what may change is changed. */
export function amendCommand(): Command {
  return new Command('amend')
    .description('Read the plan anew: contacts, endpoint, prices, thresholds, words, and the compute of new clusters.')
    .usage('[options] [id] <plan>')
    .argument(...ID)
    .argument('[plan]', "the plan's file, with what is to change changed in it")
    .option('--by <name>', 'who decides', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop amend spring-apps workshop.yaml')
    .action(async (first: string | undefined, second: string | undefined, options: AmendOptions, self: Command) => {
      const { id, what } = idAnd(self, first, second);
      const { amend } = await import('./amend.ts');
      await amend(id, what, options);
    });
}

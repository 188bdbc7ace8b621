import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { RescheduleOptions } from './reschedule.ts';

/** `workshop reschedule`: another start, with everything that comes with it. */
export function rescheduleCommand(): Command {
  return new Command('reschedule')
    .description('Move the start of a running workshop: what is done stays done, and everybody gets a letter.')
    .usage('[options] [id] <start>')
    .argument(...ID)
    .argument('[start]', "the new start in the workshop's own time zone, like 2027-03-16T09:00")
    .option('--by <name>', 'who decides', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop reschedule spring-apps 2027-03-16T09:00')
    .action(
      async (first: string | undefined, second: string | undefined, options: RescheduleOptions, self: Command) => {
        const { id, what } = idAnd(self, first, second);
        const { reschedule } = await import('./reschedule.ts');
        await reschedule(id, what, options);
      },
    );
}

import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import type { RescheduleOptions } from './reschedule.ts';

/** `workshop reschedule`: another start, with everything that comes with it. */
export function rescheduleCommand(): Command {
  return new Command('reschedule')
    .description('Move the start of a running workshop: what is done stays done, and everybody gets a letter.')
    .argument('<id>', "the workshop's id")
    .argument('<start>', "the new start in the workshop's own time zone, like 2027-03-16T09:00")
    .option('--by <name>', 'who decides', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop reschedule spring-apps 2027-03-16T09:00')
    .action(async (id: string, start: string, options: RescheduleOptions) => {
      const { reschedule } = await import('./reschedule.ts');
      await reschedule(id, start, options);
    });
}

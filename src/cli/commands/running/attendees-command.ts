import { Command, Option } from 'commander';
import { SEAT_STATES } from '../../../domain/replayed/seat/seat-states.ts';
import { osUser } from '../../input/who.ts';
import { ID } from '../../which/id-argument.ts';
import type { AddOptions } from './add-attendees.ts';
import type { ListOptions } from './list-attendees.ts';

/** `workshop attendees`: who takes part, and how they stand. */
export function attendeesCommand(): Command {
  return new Command('attendees')
    .description('List the people of a workshop, or add some: late joiners catch up by themselves.')
    .addCommand(listCommand())
    .addCommand(addCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('List everybody with their state, their cluster, and what is wrong with it.')
    .argument(...ID)
    .addOption(new Option('--state <state>', 'only those in this state').choices(SEAT_STATES))
    .option('--json', 'print every seat as JSON')
    .addHelpText('after', '\nExample:\n  workshop attendees list spring-apps --state failed')
    .action(async (id: string | undefined, options: ListOptions) => {
      const { listAttendees } = await import('./list-attendees.ts');
      await listAttendees(id, options);
    });
}

function addCommand(): Command {
  return new Command('add')
    .description('Add people to a running workshop, before the day or during it.')
    .argument(...ID)
    .argument('[email...]', 'e-mail addresses')
    .option('--file <roster>', 'more of them, one a line')
    .option('--by <name>', 'who adds them', osUser())
    .option('--json', 'print who was added and who was there already, as JSON')
    .addHelpText('after', '\nExample:\n  workshop attendees add spring-apps late@example.com')
    .action(async (first: string | undefined, more: readonly string[], options: AddOptions) => {
      const { addAttendees } = await import('./add-attendees.ts');
      // No id has an @, and every address has one.
      if (first?.includes('@')) await addAttendees(undefined, [first, ...more], options);
      else await addAttendees(first, more, options);
    });
}

import { Command, Option } from 'commander';
import { SEAT_STATES } from '../../../domain/replayed/seat/seat-states.ts';
import { osUser } from '../../input/who.ts';
import { ID } from '../../which/id-argument.ts';
import type { AddOptions } from './add-attendees.ts';
import type { ExportOptions } from './export-attendees.ts';
import type { ImportOptions } from './import-attendees.ts';
import type { ListOptions } from './list-attendees.ts';
import type { RemoveOptions } from './remove-attendees.ts';

/** `workshop attendees`: who takes part, and how they stand. */
export function attendeesCommand(): Command {
  return new Command('attendees')
    .description(
      'The people of a workshop: list them, add some (late joiners catch up by themselves), read and write rosters.',
    )
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand());
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
    .option('--file <roster>', 'more of them: a list, a CSV or an Excel file')
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

function removeCommand(): Command {
  return new Command('remove')
    .description('Take people off the list: their cluster goes now, and they are told.')
    .argument(...ID)
    .argument('[email...]', 'addresses, or how they begin where that is enough')
    .option('--reason <text>', 'why, for the history')
    .option('--by <name>', 'who removes them', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop attendees remove spring-apps ann@example.com')
    .action(async (first: string | undefined, more: readonly string[], options: RemoveOptions) => {
      const { removeAttendees } = await import('./remove-attendees.ts');
      // No id has an @; a single word without one is how an address begins.
      if (first !== undefined && (first.includes('@') || more.length === 0))
        await removeAttendees(undefined, [first, ...more], options);
      else await removeAttendees(first, more, options);
    });
}

function importCommand(): Command {
  return new Command('import')
    .description('Read a roster: a list of addresses, a CSV, an Excel file, or what was copied out of a mail.')
    .argument(
      '<file>',
      'the roster; a CSV or an Excel file names its columns in a first line: email, name, table, role',
    )
    .argument('[id]', "the workshop's id: its people are added")
    .option('--dry-run', 'only show what was understood and what was left out, line by line')
    .option('--by <name>', 'who adds them', osUser())
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  workshop attendees import people.xlsx --dry-run')
    .action(async (file: string, id: string | undefined, options: ImportOptions) => {
      const { importAttendees } = await import('./import-attendees.ts');
      await importAttendees(file, id, options);
    });
}

function exportCommand(): Command {
  return new Command('export')
    .description('Write everybody with state, cluster, alias, cause, connection and cost as a CSV that Excel opens.')
    .argument(...ID)
    .option('--out <file>', 'write it there, for you alone to read, instead of printing it')
    .addOption(
      new Option('--separator <sign>', 'what your Excel expects between cells: ";" in German, French and most others')
        .choices([',', ';'])
        .default(','),
    )
    .addHelpText('after', '\nExample:\n  workshop attendees export spring-apps --out people.csv')
    .action(async (id: string | undefined, options: ExportOptions) => {
      const { exportAttendees } = await import('./export-attendees.ts');
      await exportAttendees(id, options);
    });
}

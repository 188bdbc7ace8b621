import { Command } from 'commander';
import type { ListOptions } from './list-workshops.ts';

/** `workshop list`: which workshops this Temporal server knows. */
export function listCommand(): Command {
  return new Command('list')
    .description('List the workshops of this Temporal server: those that run first, then those that ended.')
    .option('--all', 'also those that ended long ago')
    .option('--json', 'print what is known of each as JSON')
    .addHelpText('after', HELP)
    .action(async (options: ListOptions) => {
      const { listWorkshops } = await import('./list-workshops.ts');
      await listWorkshops(options);
    });
}

const HELP = `
Example:
  TEMPORAL_ADDRESS=temporal.example.com:7233 workshop list

A workshop that ended is known for as long as Temporal keeps it (the namespace's retention); its report longer: \
workshop report <id>.`;

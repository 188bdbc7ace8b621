import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { ID } from '../../which/id-argument.ts';
import type { RetryOptions } from './retry.ts';

/** `workshop retry`: tries what failed again now, instead of in a while: a line, a person, or everything. */
export function retryCommand(): Command {
  return new Command('retry')
    .description('Try what failed again at once: a line, one person, or every line and everybody.')
    .usage('[options] [id] [item]')
    .argument(...ID)
    .argument('[item]', 'the line, like endpoint, or the address of a person; all of them without it')
    .option('--by <name>', 'who asks', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', HELP)
    .action(async (first: string | undefined, second: string | undefined, options: RetryOptions) => {
      const { retry } = await import('./retry.ts');
      await retry(first, second, options);
    });
}

const HELP = `
Examples:
  workshop retry spring-apps                    everything that failed
  workshop retry spring-apps endpoint           one line
  workshop retry spring-apps ann@example.com    one person`;

import { Command } from 'commander';
import { ID, idAnd } from '../../which/id-argument.ts';
import type { WhyOptions } from './show-why.ts';

/** `workshop why`: all that is known of one person's cluster. */
export function whyCommand(): Command {
  return new Command('why')
    .description("Say all that is known of one person's cluster: what is wrong, what was tried, what comes next.")
    .usage('[options] [id] <email>')
    .argument(...ID)
    .argument('[email]', 'their e-mail address, or how it begins')
    .option('--json', 'print it as JSON')
    .addHelpText('after', HELP)
    .action(async (first: string | undefined, second: string | undefined, options: WhyOptions, self: Command) => {
      const { id, what } = idAnd(self, first, second);
      const { showWhy } = await import('./show-why.ts');
      await showWhy(id, what, options);
    });
}

const HELP = `
Examples:
  workshop why spring-apps ann@example.com
  workshop why ann

With the workspace's credentials in the environment, the cluster's events and its init log are read too.`;

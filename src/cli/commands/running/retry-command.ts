import { Command } from 'commander';
import { print, printJson } from '../../terminal/output.ts';
import { osUser } from '../../input/who.ts';
import { ID, idAnd } from '../../which/id-argument.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

interface RetryOptions {
  readonly by: string;
  readonly json?: boolean;
}

/** `workshop retry`: tries a failed line, or one person's seat, again now, instead of in a while. */
export function retryCommand(): Command {
  return new Command('retry')
    .description('Try a line that failed, or one person, again at once.')
    .usage('[options] [id] <item>')
    .argument(...ID)
    .argument('[item]', 'the line, like endpoint, or the address of a person')
    .option('--by <name>', 'who asks', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  workshop retry spring-apps endpoint\n  workshop retry spring-apps ann@example.com',
    )
    .action((first: string | undefined, second: string | undefined, options: RetryOptions, self: Command) => {
      const { id: workshop, what: item } = idAnd(self, first, second);
      return inWorkshop(workshop, async (client, id) => {
        const receipt = await client.retry(id, { item, by: options.by });
        if (options.json) printJson(receipt);
        else print(receipt.recorded);
      });
    });
}

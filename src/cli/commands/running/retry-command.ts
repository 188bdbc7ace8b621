import { Command } from 'commander';
import { print, printJson } from '../../terminal/output.ts';
import { osUser } from '../../input/who.ts';
import { withClient } from '../../input/with-client.ts';

/** `workshop retry`: tries a failed line, or one person's seat, again now, instead of in a while. */
export function retryCommand(): Command {
  return new Command('retry')
    .description('Try a line that failed, or one person, again at once.')
    .argument('<id>', "the workshop's id")
    .argument('<item>', 'the line, like endpoint, or the address of a person')
    .option('--by <name>', 'who asks', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  workshop retry spring-apps endpoint\n  workshop retry spring-apps ann@example.com',
    )
    .action((id: string, item: string, { by, json }: { by: string; json?: boolean }) =>
      withClient(async (client) => {
        const receipt = await client.retry(id, { item, by });
        if (json) printJson(receipt);
        else print(receipt.recorded);
      }),
    );
}

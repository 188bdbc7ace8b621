import { Command } from 'commander';
import { print, printJson } from '../../terminal/output.ts';
import { osUser } from '../../input/who.ts';
import { withClient } from '../../input/with-client.ts';

/** `workshop retry`: tries a failed item again now, instead of in a while. */
export function retryCommand(): Command {
  return new Command('retry')
    .description('Try an item that failed again, at once.')
    .argument('<id>', "the workshop's id")
    .argument('<item>', 'the item, like endpoint')
    .option('--by <name>', 'who asks', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop retry spring-apps endpoint')
    .action((id: string, item: string, { by, json }: { by: string; json?: boolean }) =>
      withClient(async (client) => {
        const receipt = await client.retry(id, { item, by });
        if (json) printJson(receipt);
        else print(receipt.recorded);
      }),
    );
}

import { Command } from 'commander';
import { print, printJson } from '../output.ts';
import { osUser } from '../who.ts';
import { withClient } from '../with-client.ts';

interface SignOffOptions {
  readonly by: string;
  readonly note?: string;
  readonly no?: boolean;
  readonly json?: boolean;
}

/** `workshop sign-off`: says what only a person can say. */
export function signOffCommand(): Command {
  return new Command('sign-off')
    .description('Answer one of the questions that only a person can answer; "workshop status" lists them.')
    .argument('<id>', 'the workshop\'s id')
    .argument('<item>', 'the item, like proxy')
    .option('--by <name>', 'who says so', osUser())
    .option('--note <text>', 'what was seen')
    .option('--no', 'it is not so: the item turns red')
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExamples:\n  workshop sign-off spring-apps proxy --note "two laptops, office and VPN"\n  workshop sign-off spring-apps proxy --no --note "certificate refused"')
    .action((id: string, item: string, { by, note, no, json }: SignOffOptions) => withClient(async (client) => {
      const receipt = await client.signOff(id, { item, by, answer: no ? 'no' : 'yes', ...(note === undefined ? {} : { note }) });
      if (json) printJson(receipt);
      else print(receipt.recorded);
    }));
}

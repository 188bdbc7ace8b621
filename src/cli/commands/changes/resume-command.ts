import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { withClient } from '../../input/with-client.ts';
import { print, printJson } from '../../terminal/output.ts';

/** `workshop resume`: what had to wait goes on. */
export function resumeCommand(): Command {
  return new Command('resume')
    .description('Let a paused workshop go on: whatever had to wait is caught up with.')
    .argument('<id>', "the workshop's id")
    .option('--by <name>', 'who decides', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop resume spring-apps')
    .action((id: string, { by, json }: { readonly by: string; readonly json?: boolean }) =>
      withClient(async (client) => {
        const receipt = await client.resume(id, { by });
        if (json) return printJson(receipt);
        print(`${receipt.recorded}. See how it goes on: bin/workshop status ${id}`);
      }),
    );
}

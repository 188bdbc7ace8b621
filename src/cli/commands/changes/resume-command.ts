import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { print, printJson } from '../../terminal/output.ts';
import { ID } from '../../which/id-argument.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

/** `workshop resume`: what had to wait goes on. */
export function resumeCommand(): Command {
  return new Command('resume')
    .description('Let a paused workshop go on: whatever had to wait is caught up with.')
    .argument(...ID)
    .option('--by <name>', 'who decides', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop resume spring-apps')
    .action((given: string | undefined, { by, json }: { readonly by: string; readonly json?: boolean }) =>
      inWorkshop(given, async (client, id) => {
        const receipt = await client.resume(id, { by });
        if (json) return printJson(receipt);
        print(`${receipt.recorded}. See how it goes on: bin/workshop status ${id}`);
      }),
    );
}

import { Command } from 'commander';
import { osUser } from '../../input/who.ts';
import { print, printJson } from '../../terminal/output.ts';
import { ID } from '../../which/id-argument.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

interface PauseOptions {
  readonly reason?: string;
  readonly by: string;
  readonly json?: boolean;
}

/** `workshop pause`: nothing new begins until `resume`. */
export function pauseCommand(): Command {
  return new Command('pause')
    .description('Let nothing new begin: no cluster is made or started, no line of the checklist is begun.')
    .argument(...ID)
    .option('--reason <text>', 'why, for whoever looks at status')
    .option('--by <name>', 'who decides', osUser())
    .option('--json', 'print the receipt as JSON')
    .addHelpText('after', '\nExample:\n  workshop pause spring-apps --reason "the date is being discussed"')
    .action((given: string | undefined, { reason, by, json }: PauseOptions) =>
      inWorkshop(given, async (client, id) => {
        const receipt = await client.pause(id, { by, ...(reason === undefined ? {} : { reason }) });
        if (json) return printJson(receipt);
        print(`${receipt.recorded}. Let it go on: bin/workshop resume ${id}`);
      }),
    );
}

import { Command } from 'commander';
import { modelRefusesOption } from './model-refuses-option.ts';
import { nodesOption } from './nodes-option.ts';
import { number, whole } from '../../input/options.ts';
import type { RehearseOptions } from './run-rehearsal.ts';

/** The guide's own number of people. */
const PEOPLE = 140;
const MOST_PEOPLE = 10_000;

/** `workshop rehearse`, and so `npm start`: a whole workshop in two to three minutes, on this computer only. */
export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description(
      'Run a whole workshop in two to three minutes, on a Temporal server and a workspace that exist only on this ' +
        'computer.',
    )
    .option('--attendees <n>', `how many made-up people (default: ${PEOPLE})`, whole(1, MOST_PEOPLE))
    .option(
      '--plan <file>',
      'your own plan and its roster, instead of the example; nothing of its workspace is touched',
    )
    .option('--workspaces <n>', 'so many sandboxes, with people in each (default: 1)', whole(1, 5))
    .option('--speed <times>', 'how much faster than a real workspace the sandbox boots clusters', number(1, 1_000), 60)
    .option('--faults <file>', 'what is to go wrong in the sandbox; scenarios/ has examples')
    .addOption(nodesOption())
    .addOption(modelRefusesOption())
    .option('--web', "serve the room's page, and print the link that opens it: see seats turn green")
    .option('--keep-ui', 'leave the Temporal UI, the room and the letters that were sent up afterwards, until Ctrl-C')
    .option('--json', 'print only the report, as JSON')
    .addHelpText('after', HELP)
    .action(async (options: RehearseOptions) => {
      const { rehearse } = await import('./run-rehearsal.ts');
      await rehearse(options, { usual: PEOPLE, most: MOST_PEOPLE });
    });
}

const HELP = `
Examples:
  workshop rehearse --attendees 12
  workshop rehearse --plan my-workshop.yaml
  workshop rehearse --attendees 12 --workspaces 2
  workshop rehearse --attendees 6 --faults scenarios/init-script-fails-for-one.yaml

Exit code 0: everybody was ready and the workspace is proven empty. 1: not so, see the report.
DATABRICKS_* and ARM_* variables and profiles are ignored; TEMPORAL_ADDRESS, when set, is used.`;

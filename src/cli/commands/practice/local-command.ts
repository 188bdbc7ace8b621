import { Command } from 'commander';
import { modelRefusesOption } from './model-refuses-option.ts';
import { nodesOption } from './nodes-option.ts';
import { number, whole } from '../../input/options.ts';
import { localFolder } from '../../rehearsal/local-folder.ts';
import { WEB_PORT } from '../web/web-port.ts';
import type { LocalOptions } from './run-local.ts';

/** `workshop local`: Temporal, a workspace and a worker, kept running on this computer. */
export function localCommand(): Command {
  return new Command('local')
    .description(
      'Keep a Temporal server, a sandbox workspace and a worker running on this computer, for the other commands in ' +
        'another terminal.',
    )
    .option('--folder <folder>', "where Temporal's state, letters, reports and logs are kept", localFolder())
    .option('--temporal-port <port>', 'where Temporal listens', whole(1, 65_535), 7233)
    .option('--ui-port <port>', "where Temporal's web pages are", whole(1, 65_535), 8233)
    .option('--sandbox-port <port>', 'where the sandbox workspace listens', whole(1, 65_535), 7474)
    .option('--workspaces <n>', 'so many sandboxes, to try a plan for several workspaces', whole(1, 5), 1)
    .option('--roster <file>', 'people who exist in the sandbox: a list of addresses, a CSV or an Excel file')
    .option('--attendees <n>', 'how many made-up people exist in it, without a roster', whole(0, 10_000), 140)
    .option('--speed <times>', 'how much faster than a real workspace the sandbox boots clusters', number(1, 1_000), 1)
    .option('--web', "serve the room's pages of whatever is started")
    .option('--web-port <port>', "where the room's pages are, with --web", whole(1, 65_535), WEB_PORT)
    .addOption(nodesOption())
    .addOption(modelRefusesOption())
    .option('--workspace', 'serve the real workspace of the environment instead of a sandbox')
    .addHelpText('after', HELP)
    .action(async (options: LocalOptions) => {
      const { runLocal } = await import('./run-local.ts');
      await runLocal(options);
    });
}

const HELP = `
Example:
  workshop local --roster attendees.txt --speed 60
  …and in another terminal, after pasting the lines it prints:
  workshop start my-workshop.yaml --speed 60

The sandbox forgets everything when it ends; Temporal does not. Stops on Ctrl-C.`;

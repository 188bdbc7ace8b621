import { Command } from 'commander';
import { modelRefusesOption } from './model-refuses-option.ts';
import { nodesOption } from './nodes-option.ts';
import { number, whole } from '../../input/options.ts';
import type { SandboxCommandOptions } from './run-sandbox.ts';

const MADE_UP_PEOPLE = 140;

/** `workshop sandbox`: a workspace on this computer, for clients of any kind. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('Run a Databricks workspace that exists only on this computer.')
    .option(
      '--port <port>',
      'where it listens on 127.0.0.1; without it, or with 0, any free one, and with --state the one it had before',
      whole(0, 65_535),
    )
    .option(
      '--speed <times>',
      'how much faster than a real workspace clusters boot and stop (default: 1)',
      number(1, 1_000),
    )
    .option('--idle-speed <times>', 'how much faster idle clusters stop by themselves (default: 1)', number(1, 1_000))
    .option('--seed <text>', 'what boot times are drawn from: the same text gives the same times (default: sandbox)')
    .option('--state <folder>', 'keep everything there, and go on with it next time')
    .option('--roster <file>', 'people who exist in it: a list of addresses, a CSV or an Excel file')
    .addOption(nodesOption())
    .addOption(modelRefusesOption())
    .option(
      '--attendees <n>',
      `how many made-up people exist in it, without a roster (default: ${MADE_UP_PEOPLE})`,
      whole(0, 10_000),
    )
    .option('--faults <file>', 'what is to go wrong in it; scenarios/ has examples')
    .option(
      '--as <email>',
      'start nothing: print a new token of this person in the sandbox that runs at --port or DATABRICKS_HOST',
    )
    .option('--routes', 'start nothing: print every route of the sandbox, what it does and where that was found out')
    .option(
      '--missed',
      'with --routes: what the sandbox that runs at --port or DATABRICKS_HOST was asked and does not have',
    )
    .option('--json', 'with --routes: as JSON')
    .addHelpText('after', HELP)
    .action(async (options: SandboxCommandOptions) => {
      const { sandbox } = await import('./run-sandbox.ts');
      await sandbox(options, MADE_UP_PEOPLE);
    });
}

const HELP = `
Examples:
  workshop sandbox --port 7474 --roster attendees.txt --state my-sandbox
  workshop sandbox --routes                       every route that it has
  workshop sandbox --routes --missed --port 7474  what a running one was asked and does not have
  eval "$(workshop sandbox --as ann@example.com --port 7474)"
                                                  be somebody else in this terminal
It prints the two environment variables that a client needs, such as the databricks command line. More about a
running one, its books, its clock and its people: curl http://127.0.0.1:7474/__sandbox/`;

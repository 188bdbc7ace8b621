import { Command } from 'commander';
import { ID } from '../../which/id-argument.ts';
import type { ConnectedOptions } from './show-connected.ts';

/** `workshop connected`: whose laptop is connected to their cluster, and whose is not. */
export function connectedCommand(): Command {
  return new Command('connected')
    .description('Say who is connected to their cluster, and name by table who is not yet, for whoever walks the room.')
    .argument(...ID)
    .option('--json', 'print it as JSON')
    .addHelpText('after', HELP)
    .action(async (id: string | undefined, options: ConnectedOptions) => {
      const { showConnected } = await import('./show-connected.ts');
      await showConnected(id, options);
    });
}

const HELP = `
Example:
  workshop connected spring-apps

Needs the credentials of a workspace admin in the environment: others do not see everybody's runs. Before the day and
after the end it names those whose open connection keeps a cluster awake, with what that has cost.`;

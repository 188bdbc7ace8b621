import { Command, Option } from 'commander';
import { openNodes, type NodesMode } from '../../sandbox/nodes/open-nodes.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { WrongInput } from '../exit.ts';
import { claimable } from '../free-port.ts';
import { untilStopped } from '../until-stopped.ts';
import { number, whole } from '../options.ts';
import { rehearsalPeople } from '../rehearsal-plan.ts';
import { rosterFrom } from '../files.ts';

async function machines(mode: NodesMode) {
  try {
    return await openNodes(mode);
  } catch (error) {
    throw new WrongInput((error as Error).message);
  }
}

/** `workshop sandbox`: a workspace on this computer, for clients of any kind. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('Run a Databricks workspace that exists only on this computer.')
    .option('--port <port>', 'where it listens on 127.0.0.1; 0 takes a free one', whole(0, 65_535), 0)
    .option('--speed <times>', 'how much faster than a real workspace clusters boot and stop', number(1, 1_000), 1)
    .option('--roster <file>', 'people who exist in it, one e-mail address a line')
    .addOption(new Option('--nodes <kind>', 'whether init scripts and jobs really run: on isolated roots of this computer for all clusters, for none, or for the first few that work comes to').choices(['real', 'simulated', 'auto']).default('auto'))
    .option('--attendees <n>', 'how many made-up people exist in it, without a roster', whole(0, 10_000), 140)
    .addHelpText('after', '\nExample:\n  workshop sandbox --port 7474 --roster attendees.txt\nIt prints the two environment variables that a client needs.')
    .action(async (options: { port: number; speed: number; nodes: NodesMode; roster?: string; attendees: number }) => {
      const people = options.roster === undefined ? rehearsalPeople(options.attendees) : (await rosterFrom(options.roster)).people;
      await claimable(options.port, '--port');
      const { nodes, note } = await machines(options.nodes);
      const sandbox = await startSandbox({ nodes, port: options.port, speed: options.speed, people });
      process.stdout.write(`export DATABRICKS_HOST=${sandbox.url}\nexport DATABRICKS_TOKEN=${sandbox.adminToken}\n`);
      process.stderr.write(`A sandbox workspace with ${people.length} people is running, ${options.speed} times as fast as a real one. ${note} Ctrl-C stops and forgets it.\n`);
      await untilStopped();
      await sandbox.close();
    });
}

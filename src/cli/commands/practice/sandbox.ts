import { Command } from 'commander';
import { z } from 'zod';
import {
  StateRefused,
  keptIn,
  routeList,
  startSandbox,
  type NodesMode,
  type Sandbox,
  type SandboxOptions,
} from '../../../../sandbox/index.ts';
import { WrongInput } from '../../input/exit.ts';
import { faultsFrom, rosterFrom } from '../../input/files.ts';
import { claimable } from '../../rehearsal/free-port.ts';
import { machines, nodesOption } from '../../rehearsal/nodes-option.ts';
import { number, whole } from '../../input/options.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { rehearsalPeople } from '../../rehearsal/rehearsal-plan.ts';
import { missedTable, routeTable } from '../../terminal/route-table.ts';
import { runningSandbox } from '../../rehearsal/running-sandbox.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { writableFolder } from '../../input/writable-folder.ts';

interface Options {
  readonly port?: number;
  readonly speed?: number;
  readonly idleSpeed?: number;
  readonly seed?: string;
  readonly state?: string;
  readonly nodes?: NodesMode;
  readonly roster?: string;
  readonly attendees?: number;
  readonly faults?: string;
  readonly as?: string;
  readonly routes?: boolean;
  readonly missed?: boolean;
  readonly json?: boolean;
}

const MADE_UP_PEOPLE = 140;

const HELP = `
Examples:
  workshop sandbox --port 7474 --roster attendees.txt --state my-sandbox
  workshop sandbox --routes                       every route that it has
  workshop sandbox --routes --missed --port 7474  what a running one was asked and does not have
  eval "$(workshop sandbox --as ann@example.com --port 7474)"
                                                  be somebody else in this terminal
It prints the two environment variables that a client needs, such as the databricks command line. More about a
running one, its books, its clock and its people: curl http://127.0.0.1:7474/__sandbox/`;

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
    .option('--roster <file>', 'people who exist in it, one e-mail address a line')
    .addOption(nodesOption())
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
    .action(async (options: Options) => {
      if (options.missed && !options.routes)
        throw new WrongInput('--missed is for --routes: bin/workshop sandbox --routes --missed');
      if (options.as !== undefined) await printTokenOf(options.as, options.port);
      else if (options.missed) await printMissed(options);
      else if (options.routes) {
        const routes = routeList();
        if (options.json) printJson(routes);
        else print(routeTable(routes));
      } else await run(options);
    });
}

async function printTokenOf(person: string, port: number | undefined): Promise<void> {
  const running = runningSandbox(port, process.env['DATABRICKS_HOST']);
  const { token } = z.object({ token: z.string() }).parse(await running.post('tokens', { user_name: person }));
  print(exportLines(running.url, token));
}

async function printMissed({ port, json }: Options): Promise<void> {
  const { missed } = z
    .object({ missed: z.array(z.object({ route: z.string(), count: z.number() })) })
    .parse(await runningSandbox(port, process.env['DATABRICKS_HOST']).get('routes/missed'));
  if (json) printJson(missed);
  else print(missedTable(missed));
}

async function run(options: Options): Promise<void> {
  const state = options.state === undefined ? undefined : await writableFolder(options.state, '--state');
  const kept = state === undefined ? undefined : keptIn(state);
  const people = await peopleOf(options, kept !== undefined);
  const faults = options.faults === undefined ? undefined : await faultsFrom(options.faults);
  if (options.port) await claimable(options.port, '--port');
  const { nodes, note } = await machines(options.nodes ?? kept?.nodes ?? 'auto');
  const sandbox = await started({
    nodes,
    people,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.speed === undefined ? {} : { speed: options.speed }),
    ...(options.idleSpeed === undefined ? {} : { idleSpeed: options.idleSpeed }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(state === undefined ? {} : { state }),
    ...(faults === undefined ? {} : { faults }),
  });
  print(exportLines(sandbox.url, sandbox.adminToken));
  for (const remark of sandbox.remarks) say(remark);
  const port = new URL(sandbox.url).port;
  say(
    `A sandbox workspace${kept ? ' that goes on where it was' : ` with ${people.length} people`} is running, ${sandbox.speed} times as fast as a real one. ${note}`,
  );
  say(
    `In another terminal, paste the two lines above to be its admin, or be somebody else: eval "$(bin/workshop sandbox --as ${people[0] ?? 'PERSON'} --port ${port})". Then: databricks current-user me`,
  );
  say(`Its books, clock and people: curl ${sandbox.url}/__sandbox/`);
  say(
    state === undefined
      ? 'Ctrl-C stops and forgets it.'
      : `Ctrl-C stops it. What it holds stays in ${state}; --state ${options.state} goes on with it.`,
  );
  await untilStopped();
  await sandbox.close();
}

const exportLines = (url: string, token: string): string =>
  `export DATABRICKS_HOST=${url}\nexport DATABRICKS_TOKEN=${token}`;

/** A kept state has its people already: nobody is made up for it again. */
async function peopleOf({ roster, attendees }: Options, goesOn: boolean): Promise<readonly string[]> {
  if (roster !== undefined) return (await rosterFrom(roster)).people;
  return rehearsalPeople(attendees ?? (goesOn ? 0 : MADE_UP_PEOPLE));
}

async function started(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    throw error instanceof StateRefused ? new WrongInput(error.message) : error;
  }
}

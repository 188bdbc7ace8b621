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
import { faultsFrom, rosterFrom } from '../../input/input-files.ts';
import { mustBeFree } from '../../rehearsal/port-must-be-free.ts';
import { appPackages } from '../../rehearsal/app-packages.ts';
import { machines } from '../../rehearsal/machines.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { rehearsalPeople } from '../../rehearsal/rehearsal-plan.ts';
import { missedTable, routeTable } from '../../terminal/route-table.ts';
import { runningSandbox } from '../../rehearsal/running-sandbox.ts';
import { modelRefuses } from './model-refuses-option.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { writableFolder } from '../../input/writable-folder.ts';

export interface SandboxCommandOptions {
  readonly port?: number;
  readonly speed?: number;
  readonly idleSpeed?: number;
  readonly seed?: string;
  readonly state?: string;
  readonly nodes?: NodesMode;
  readonly modelRefuses?: string;
  readonly roster?: string;
  readonly attendees?: number;
  readonly faults?: string;
  readonly as?: string;
  readonly routes?: boolean;
  readonly missed?: boolean;
  readonly json?: boolean;
}

/**
 * Runs a sandbox until it is stopped, or asks one that runs.
 * @param usual how many people are made up where nobody says it
 * @throws {WrongInput}
 */
export async function sandbox(options: SandboxCommandOptions, usual: number): Promise<void> {
  if (options.missed && !options.routes)
    throw new WrongInput('--missed is for --routes: bin/workshop sandbox --routes --missed');
  if (options.as !== undefined) await printTokenOf(options.as, options.port);
  else if (options.missed) await printMissed(options);
  else if (options.routes) {
    const routes = routeList();
    if (options.json) printJson(routes);
    else print(routeTable(routes));
  } else await run(options, usual);
}

async function printTokenOf(person: string, port: number | undefined): Promise<void> {
  const running = runningSandbox(port, process.env['DATABRICKS_HOST']);
  const { token } = z.object({ token: z.string() }).parse(await running.post('tokens', { user_name: person }));
  print(exportLines(running.url, token));
}

async function printMissed({ port, json }: SandboxCommandOptions): Promise<void> {
  const { missed } = z
    .object({ missed: z.array(z.object({ route: z.string(), count: z.number() })) })
    .parse(await runningSandbox(port, process.env['DATABRICKS_HOST']).get('routes/missed'));
  if (json) printJson(missed);
  else print(missedTable(missed));
}

async function run(options: SandboxCommandOptions, usual: number): Promise<void> {
  const state = options.state === undefined ? undefined : await writableFolder(options.state, '--state');
  const kept = state === undefined ? undefined : keptIn(state);
  const people = await peopleOf(options, kept === undefined ? usual : 0);
  const faults = options.faults === undefined ? undefined : await faultsFrom(options.faults);
  if (options.port) await mustBeFree(options.port, '--port');
  const mode = options.nodes ?? kept?.nodes ?? 'auto';
  const { nodes, note } = await machines(mode);
  const packages = nodes.mode === 'simulated' ? undefined : await appPackages(mode, say);
  const sandbox = await started({
    nodes,
    people,
    ...(options.modelRefuses === undefined ? {} : { messagesRefuse: await modelRefuses(options.modelRefuses) }),
    ...(packages === undefined ? {} : { appPackages: packages }),
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
    `A sandbox workspace${kept ? ' that goes on where it was' : ` with ${people.length} people`} ` +
      `is running, ${sandbox.speed} times as fast as a real one. ${note}`,
  );
  say(
    'In another terminal, paste the two lines above to be its admin, or be somebody else: eval ' +
      `"$(bin/workshop sandbox --as ${people[0] ?? 'PERSON'} --port ${port})". Then: databricks ` +
      'current-user me',
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
async function peopleOf({ roster, attendees }: SandboxCommandOptions, usual: number): Promise<readonly string[]> {
  if (roster !== undefined) return (await rosterFrom(roster)).people;
  return rehearsalPeople(attendees ?? usual);
}

async function started(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    throw error instanceof StateRefused ? new WrongInput(error.message) : error;
  }
}

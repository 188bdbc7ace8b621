import { asSoleUser } from '../../rehearsal/embedded/sole-user.ts';
import type { NodesMode } from '../../../../sandbox/index.ts';
import { HOW_TO_MAKE_A_KEY, LINK_KEY } from '../../../domain/links/link-key.ts';
import { PAYLOAD_KEY } from '../../../temporal/encryption/payload-encryption.ts';
import { workspaceFrom } from '../../../workspace-from-environment.ts';
import { startServersAndWorker } from '../../rehearsal/servers-and-worker.ts';
import { EXIT, NotAsWanted, WrongInput } from '../../input/exit.ts';
import { examplePlan, rosterFrom } from '../../input/input-files.ts';
import { mustBeFree } from '../../rehearsal/port-must-be-free.ts';
import { nodesWithBundle, stageInSandbox } from '../../rehearsal/nodes-with-bundle.ts';
import { TEMPORAL_UI } from '../../pages/temporal-page.ts';
import { print, say } from '../../terminal/output.ts';
import { rehearsalPeople } from '../../rehearsal/rehearsal-plan.ts';
import { passingLinkKey } from '../web/open-room.ts';
import { linkKeyIfSet } from '../web/link-key.ts';
import { modelRefuses } from './model-refuses-option.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { writableFolder } from '../../input/writable-folder.ts';

export interface LocalOptions {
  readonly folder: string;
  readonly temporalPort: number;
  readonly uiPort: number;
  readonly sandboxPort: number;
  readonly workspaces: number;
  readonly roster?: string;
  readonly attendees: number;
  readonly speed: number;
  readonly nodes?: NodesMode;
  readonly modelRefuses?: string;
  readonly workspace?: boolean;
  readonly web?: boolean;
  readonly webPort: number;
}

/**
 * Keeps everything running until Ctrl-C.
 * @throws {WrongInput} before anything starts; {NotAsWanted} when a part of it dies.
 */
export async function runLocal(options: LocalOptions): Promise<void> {
  if (options.workspace && options.speed > 1)
    throw new WrongInput('--speed is for the sandbox: a real workspace lives as fast as the calendar.');
  if (options.workspace && options.workspaces > 1)
    throw new WrongInput(
      '--workspaces is for sandboxes: a worker for several real ones is bin/workshop worker --profile.',
    );
  const ownKey = linkKeyIfSet(process.env) && process.env[LINK_KEY];
  const people =
    options.roster === undefined ? rehearsalPeople(options.attendees) : (await rosterFrom(options.roster)).people;
  await portsAreFree(options);
  if (options.workspace) await signsIn();
  const folder = await writableFolder(options.folder, '--folder');
  await asSoleUser(
    folder,
    () => serve(options, people, folder, ownKey),
    (user, lock) =>
      new WrongInput(
        `The folder ${folder} is in use by ${user}, perhaps a "workshop local" that is still ` +
          'running: stop it, or choose another with --folder. If that process is something else, ' +
          `delete ${lock}.`,
      ),
  );
}

async function serve(
  options: LocalOptions,
  people: readonly string[],
  home: string,
  ownKey: string | undefined,
): Promise<void> {
  const plan = await examplePlan();
  const { nodes, note, bundle, appPackages } = await nodesWithBundle(
    // Machines on which things really run are for one workspace.
    options.workspace || options.workspaces > 1 ? 'simulated' : (options.nodes ?? 'auto'),
    plan,
    say,
  );
  const linkKey = ownKey ?? (options.web ? passingLinkKey() : undefined);
  const stopped = untilStopped();
  const servers = await startServersAndWorker({
    people,
    speed: options.speed,
    folder: home,
    temporalPort: options.temporalPort,
    uiPort: options.uiPort,
    sandboxPort: options.sandboxPort,
    workspaces: options.workspaces,
    nodes,
    appPackages,
    messagesRefuse: await modelRefuses(options.modelRefuses),
    ownTemporal: true,
    linkKey,
    webPort: options.web ? options.webPort : undefined,
    say,
    ...(options.workspace ? { realWorkspace: process.env } : {}),
  });
  try {
    const { sandbox, sandboxes, credentials, temporal, post, folder, room } = servers;
    if (sandbox && bundle) await stageInSandbox(sandbox, plan, bundle);
    print(
      [
        `export TEMPORAL_ADDRESS=${temporal.address}`,
        ...(temporal.uiUrl === undefined ? [] : [`export ${TEMPORAL_UI}=${temporal.uiUrl}`]),
        ...(room && ownKey === undefined ? [`export ${LINK_KEY}=${linkKey}`] : []),
        ...Object.entries(credentials).map(([name, value]) => `export ${name}=${value}`),
      ].join('\n'),
    );
    if (servers.env[PAYLOAD_KEY]) say(`The other terminal needs the same ${PAYLOAD_KEY} as this one.`);
    say(
      `Paste the lines above into another terminal. Temporal UI: ${temporal.uiUrl ?? ''}. State, ` +
        `letters, reports and logs: ${folder}`,
    );
    say(
      sandbox
        ? `A sandbox workspace with ${people.length} people, ${paceOf(options.speed)}; name ` +
            `${sandbox.url} as the workspace in a plan. ${note}`
        : 'This serves the real workspace of the environment. Timers stop while this computer ' +
            'sleeps: for a plan weeks away use a Temporal server that stays up (docker-compose.yml).',
    );
    if (sandboxes.length > 1)
      say(`${sandboxes.length} workspaces, for "workspaces:" in a plan: ${sandboxes.map(({ url }) => url).join(', ')}`);
    if (room) {
      say(`The room's pages are at ${room.url}. In the other terminal "bin/workshop web links" prints their links.`);
      say(`With "web: {url: '${room.url}'}" in a plan, letters to attendees have links to their own pages in them.`);
      if (ownKey === undefined)
        say(`The links are good until this ends. For links that last, set ${LINK_KEY} before: ${HOW_TO_MAKE_A_KEY}`);
    }
    if (post) say(`Letters that the worker sends by mail reach nobody; read them in a browser: ${post.url}`);
    say('Ctrl-C stops everything.');
    const death = await Promise.race([stopped.then(() => undefined), servers.died]);
    if (death !== undefined)
      throw new NotAsWanted(`${death}\nEverything else is stopped too; start again with the same command.`);
    say('Stopping …');
    process.exitCode = EXIT.ok;
  } finally {
    await servers.stop();
  }
}

/** How fast the sandbox is, and what the other terminal has to know of it. */
const paceOf = (speed: number) =>
  speed === 1
    ? 'as fast as a real one'
    : `${speed} times as fast as a real one: give "workshop start" the same --speed ${speed}`;

/** @throws {WrongInput} naming the option that chooses another port. */
async function portsAreFree(options: LocalOptions): Promise<void> {
  const { temporalPort, uiPort, sandboxPort, webPort, workspace, web } = options;
  const ports: (readonly [port: number, option: string])[] = [
    [temporalPort, '--temporal-port'],
    [uiPort, '--ui-port'],
    ...(workspace ? [] : [[sandboxPort, '--sandbox-port'] as const]),
    ...(web ? [[webPort, '--web-port'] as const] : []),
  ];
  for (const [index, [port, option]] of ports.entries()) {
    const twin = ports.slice(0, index).find(([other]) => other === port);
    if (twin) throw new WrongInput(`${twin[1]} and ${option} are both ${port}: each needs a port of its own.`);
  }
  for (const [port, option] of ports) await mustBeFree(port, option);
}

/** Before anything is started: credentials that are refused are said at once. */
async function signsIn(): Promise<void> {
  const workspace = workspaceFrom(process.env);
  try {
    const me = await workspace.currentUser.me();
    say(`Workspace ${workspace.host} (id ${me.workspaceId}), as ${me.userName}.`);
  } finally {
    await workspace.close();
  }
}

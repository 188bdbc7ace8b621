import { setTimeout as wait } from 'node:timers/promises';
import { estimate } from '../../../domain/money/cost.ts';
import { seatsOf } from '../../../domain/roster/seats.ts';
import { paceAt } from '../../../domain/replayed/time/pace.ts';
import type { Details } from '../../../domain/replayed/seat/details.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import { reportPage } from '../../../domain/papers/report-page.ts';
import type { Bundle } from '../../bundle/bundle-for.ts';
import type { NodesMode } from '../../../../sandbox/index.ts';
import { WorkshopClient } from '../../../client.ts';
import { startServersAndWorker, type ServersAndWorker } from '../../rehearsal/servers-and-worker.ts';
import { EXIT, NotAsWanted, WrongInput } from '../../input/exit.ts';
import { examplePlan, faultsFrom, plansFrom } from '../../input/input-files.ts';
import { PeopleBuildApps } from '../../rehearsal/people/people-build-apps.ts';
import { madeUpDetails } from '../../rehearsal/people/made-up-details.ts';
import { prepareSandbox } from '../../rehearsal/prepare-sandbox.ts';
import { nodesWithBundle, stageInSandbox } from '../../rehearsal/nodes-with-bundle.ts';
import { notAsWanted, outcomeLines } from '../../terminal/outcome.ts';
import { pageInTemporal } from '../../pages/temporal-page.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { followProgress, PATIENCE_MS } from '../../terminal/follow-progress.ts';
import { answerSignOffs } from '../../rehearsal/rehearsal-answers.ts';
import { measuresLines, measuresOf } from '../../rehearsal/rehearsal-measures.ts';
import { messagesSent } from '../../rehearsal/letters/messages-sent.ts';
import { crowdedWords, crowding, rehearsalPeople, rehearsalPlan } from '../../rehearsal/rehearsal-plan.ts';
import { ComputerLoad, slownessAtFirst, TOO_SLOW } from '../../rehearsal/computer-load.ts';
import { StartWhenReady } from '../../rehearsal/start-when-ready.ts';
import { passingLinkKey } from '../web/open-room.ts';
import { partsOfEvent, type PartOfEvent } from '../../../domain/event/parts-of-event.ts';
import { nowhereLines } from '../several/split-lines.ts';
import { partsOfExample, rehearseSeveral } from './rehearse-several.ts';
import { modelRefuses } from './model-refuses-option.ts';
import { untilStopped } from '../../input/until-stopped.ts';

export interface RehearseOptions {
  readonly attendees?: number;
  readonly plan?: string;
  readonly workspaces?: number;
  readonly speed: number;
  readonly faults?: string;
  readonly nodes?: NodesMode;
  readonly modelRefuses?: string;
  readonly web?: boolean;
  readonly keepUi?: boolean;
  readonly json?: boolean;
}

/** Who takes part, and by which plan. */
interface Cast {
  /** Of several workspaces: who would be in which. */
  readonly parts?: readonly PartOfEvent[] | undefined;
  readonly plan: Plan;
  readonly people: readonly string[];
  readonly details: Readonly<Record<string, Details>>;
}

const LAST_WORDS_MS = 10_000;

/** How many people a rehearsal has where nobody says it, and at most. */
interface Numbers {
  readonly usual: number;
  readonly most: number;
}

/**
 * Runs a whole workshop and prints its report.
 * @throws {WrongInput} before anything starts; {NotAsWanted} when a part of it dies.
 */
export async function rehearse(options: RehearseOptions, numbers: Numbers): Promise<void> {
  const cast = await castOf(options, numbers);
  const faults = options.faults === undefined ? [] : await faultsFrom(options.faults);
  const messagesRefuse = await modelRefuses(options.modelRefuses);
  const crowded = crowdedWords(cast.people.length);
  if (crowded) say(crowded);
  const slowness = slownessAtFirst();
  // Machines on which things really run are for one workspace.
  const wantedNodes = cast.parts ? 'simulated' : (options.nodes ?? 'auto');
  const { nodes, bundle, note, appPackages } = await nodesWithBundle(wantedNodes, cast.plan, say);
  if (bundle === undefined && options.nodes !== 'simulated') say(note);
  const stopped = untilStopped();
  const everybody = [...new Set([...cast.people, ...cast.plan.testers])];
  const servers = await startServersAndWorker({
    people: everybody,
    speed: options.speed,
    slowness: crowding(cast.people.length),
    faults,
    nodes,
    appPackages,
    messagesRefuse,
    ...(cast.parts ? { workspaces: cast.parts.length } : {}),
    ...(options.web ? { linkKey: passingLinkKey(), webPort: 0 } : {}),
    say,
  });
  const stop = new AbortController();
  // As it was before the servers started: their own beginning is no reason to wait.
  const load = new ComputerLoad(slowness);
  const { parts } = cast;
  const running = parts
    ? rehearseSeveral(servers, { ...cast, parts }, options, load, stop.signal)
    : run(servers, { ...cast, bundle }, options, load, stop.signal);
  try {
    const outcome = await Promise.race([
      running,
      servers.died.then((death): never => {
        throw new NotAsWanted(`${death}\nThe rehearsal cannot go on.`);
      }),
      stopped,
    ]);
    if (outcome === undefined || typeof outcome === 'string') {
      stop.abort();
      say('Stopped. Ending the worker and the servers; nothing real was touched.');
      process.exitCode = EXIT.interrupted;
      return;
    }
    process.exitCode = outcome.isAsWanted ? EXIT.ok : EXIT.notAsWanted;
    if (options.keepUi) {
      say(staysUpWords(servers, outcome.roomPage));
      await Promise.race([stopped, servers.died]);
    }
  } finally {
    stop.abort();
    // The terminal and the connection are given back before the server goes that they talk to.
    await Promise.race([running.catch(() => undefined), wait(LAST_WORDS_MS)]);
    await load.stop();
    await servers.stop();
  }
}

async function castOf({ plan, attendees, workspaces = 1 }: RehearseOptions, numbers: Numbers): Promise<Cast> {
  const { usual, most } = numbers;
  if (plan === undefined) {
    const people = rehearsalPeople(attendees ?? usual);
    const example = await examplePlan();
    const cast = { plan: example, people, details: madeUpDetails(people) };
    return workspaces === 1 ? cast : { ...cast, parts: partsOfExample(example, people, workspaces) };
  }
  if (workspaces > 1) throw new WrongInput('The workspaces of --plan are in it: leave --workspaces out.');
  if (attendees !== undefined) throw new WrongInput('The people of --plan are on its roster: leave --attendees out.');
  const read = await plansFrom(plan);
  if (read.people.length > most)
    throw new WrongInput(`${read.people.length} people are more than this computer can rehearse with (${most}).`);
  if (!('event' in read)) return read;
  const { parts, nowhere } = partsOfEvent(read.event, read);
  for (const line of nowhereLines(nowhere)) say(line);
  const filled = parts.filter((part) => part.people.length > 0);
  const [first] = filled;
  if (!first) throw new WrongInput(`Nobody of the roster of ${plan} has a place.`);
  return { ...read, plan: first.plan, people: filled.flatMap((part) => part.people), parts: filled };
}

/** What a rehearsal came to. */
interface Outcome {
  /** Everybody was ready, and everything is gone, and that is proven. */
  readonly isAsWanted: boolean;
  /** Where the room is shown, to whoever runs it. */
  readonly roomPage: string | undefined;
}

/** From the start to the report; undefined when it was stopped before. */
async function run(
  servers: ServersAndWorker,
  { plan: own, people, details, bundle }: Cast & { readonly bundle: Bundle | undefined },
  options: RehearseOptions,
  load: ComputerLoad,
  stop: AbortSignal,
): Promise<Outcome | undefined> {
  const { sandbox, temporal, post, room } = servers;
  if (!sandbox) throw new Error('a rehearsal without a sandbox');
  const client = await WorkshopClient.connect(servers.env);
  let started: string | undefined;
  try {
    const prepared = await prepareSandbox(sandbox, own, [...new Set([...people, ...own.testers])], say);
    if (bundle) await stageInSandbox(sandbox, prepared, bundle);
    const { plan, timeline } = await rehearsalPlan({
      attendees: people.length,
      workspace: sandbox.url,
      now: Date.now(),
      own: prepared,
      byMail: options.plan === undefined,
      pages: room?.url,
      realNodes: bundle !== undefined,
      slowness: load.atFirst,
    });
    if (load.atFirst > 1) say(slowWords(load.atFirst));
    const top = [
      `Rehearsing with ${people.length} people in a sandbox workspace at ${sandbox.url}; nothing real is touched.`,
      temporal.uiUrl
        ? `In Temporal: ${pageInTemporal(temporal.uiUrl, client.namespace, plan.id)}`
        : `Temporal: ${temporal.address}`,
      ...(post ? [`Its letters, in a browser: ${post.url}`] : []),
    ];
    const pace = paceAt(options.speed, load.atFirst * crowding(people.length));
    started = plan.id;
    const { runId } = await client.start({
      plan,
      people,
      details,
      timeline,
      pace,
      workspaceId: sandbox.workspaceId,
      estimate: estimate(plan, seatsOf(plan, people)).total.expected,
    });
    const roomPage = room?.facilitatorsPage(plan.id, runId);
    if (roomPage !== undefined) top.splice(1, 0, `The room: ${roomPage}`);
    if (options.json) for (const line of top) say(line);
    const apps = new PeopleBuildApps(sandbox, { plan, people }, say);
    const whenReady = new StartWhenReady(client, {
      id: plan.id,
      timeline,
      load,
      say,
      lastChecks: crowding(people.length) > 1 ? pace.lastChecks : undefined,
    });
    await followProgress(client, plan.id, {
      quiet: options.json === true,
      stop,
      top: options.json ? [] : top,
      about: { timeZone: plan.timeZone, timeline },
      // A worker that has ended is noticed by itself; one that is busy with thousands has no time to answer.
      patienceMs: PATIENCE_MS * crowding(people.length),
      onEach: async (progress, sinceMs) => {
        await answerSignOffs(client, plan.id, progress);
        await whenReady.consider(progress, Date.now(), sinceMs);
        await apps.consider(progress);
      },
    });
    if (stop.aborted) return undefined;
    const report = await client.result(plan.id);
    const measures = {
      ...measuresOf(report, sandbox, plan.testers),
      ...(plan.messages && post ? { messages: await messagesSent(client, plan.id, post) } : {}),
    };
    if (options.json) printJson({ ...report, ...measures });
    else print(['', reportPage(report), ...measuresLines(measures)].join('\n'));
    for (const { name, fired } of sandbox.books().faults)
      say(
        fired === 0
          ? `Fault "${name}": hit nothing: what it is about was not there, or did not happen.`
          : `Fault "${name}": hit ${fired} ${fired === 1 ? 'time' : 'times'}.`,
      );
    for (const line of loadLines(load, whenReady)) say(line);
    say(`Letters, reports and logs: ${servers.folder}`);
    const amiss = notAsWanted(report, people.length);
    for (const line of outcomeLines(amiss)) say(line);
    return { isAsWanted: amiss.length === 0, roomPage };
  } finally {
    // A server that outlives the rehearsal is left as it was found.
    if (started !== undefined && !temporal.own)
      await client
        .forget(started)
        .catch((error: unknown) =>
          say(`Not everything of the rehearsal could be ended on ${temporal.address}: ${(error as Error).message}`),
        );
    await client.close();
  }
}

const slowWords = (slowness: number): string =>
  `This computer is busy with other things: it is ${slowness.toFixed(1)} times slower than it could be. The ` +
  'rehearsal takes that much longer.';

/** What can be looked at when the report is there, and until when. */
function staysUpWords(
  { temporal, post }: Pick<ServersAndWorker, 'temporal' | 'post'>,
  roomPage: string | undefined,
): string {
  const places = [
    ...(temporal.uiUrl ? [`the Temporal UI at ${temporal.uiUrl}`] : []),
    ...(roomPage === undefined ? [] : [`the room at ${roomPage}`]),
    ...(post ? [`the letters that were sent at ${post.url}`] : []),
  ];
  return `Still up until Ctrl-C: ${places.join(', and ')}`;
}

function loadLines({ worst }: ComputerLoad, { waited }: StartWhenReady): string[] {
  if (worst < TOO_SLOW) return [];
  const minutes = waited > 0 ? `, and the start waited ${Math.ceil(waited / 60_000)} min for it` : '';
  return [
    `This computer was up to ${worst.toFixed(1)} times slower than it could be, because other things ran on ` +
      `it${minutes}. ` +
      'What was late or timed out may come of that, and not of the workspace: rehearse again when it is idle.',
  ];
}

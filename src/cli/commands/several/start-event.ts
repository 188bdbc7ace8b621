import type { WorkshopClient } from '../../../client.ts';
import { partsOfEvent, type PartOfEvent } from '../../../domain/event/parts-of-event.ts';
import { timelineOf } from '../../../domain/plan/timeline-of-plan.ts';
import { fitAtStart } from '../../../domain/replayed/checklist/lifecycle-state.ts';
import type { EventPart } from '../../../domain/replayed/event/event.ts';
import { takesPart } from '../../../domain/replayed/seat/seat.ts';
import { paceAt } from '../../../domain/replayed/time/pace.ts';
import { ConnectError } from '../../../databricks/workspace.ts';
import { NoAnswer, Refused } from '../../../temporal/client-errors.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import type { EventAndRoster } from '../../input/input-files.ts';
import { previewOf } from '../../input/plan-preview.ts';
import { withClient } from '../../input/with-client.ts';
import { withWorkspaces, type SignedInOrNot } from '../../input/with-workspace.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import {
  noWorkerYet,
  preparedStart,
  refuseIfOver,
  sentOnlyTo,
  tooManyDetails,
  type PreparedStart,
  type StartOptions,
} from '../before/prepared-start.ts';
import { everybodyIn } from '../../../event/everybody-in.ts';
import { nowhereLines } from './split-lines.ts';

interface EventStartOptions extends StartOptions {
  /** Only this one of its workspaces. */
  readonly part?: string | undefined;
}

/** A part, and what starting it comes to: it runs already, it can be started, or why not. */
interface PartStart extends PartOfEvent {
  readonly runs?: EventPart;
  readonly start?: PreparedStart & { readonly workspaceId: string };
  readonly why?: string;
}

/**
 * Starts a workshop in each workspace of a plan, and what binds them. What runs already is left as it is, and what
 * cannot be started is said: starting again completes it.
 * @throws {WrongInput} when nothing of it can be; nothing was started then.
 */
export async function startEvent(file: string, read: EventAndRoster, options: EventStartOptions): Promise<void> {
  const { event } = read;
  const now = Date.now();
  const [first] = event.parts;
  if (!first) throw new Error('an event without workspaces');
  if (options.adopt && options.part === undefined)
    throw new WrongInput(
      `Say which of its workshops is taken over: ${event.parts.map(({ name }) => `${file}#${name}`).join(', ')}.`,
    );
  if (!options.adopt) refuseIfOver(file, previewOf({ ...read, ...first }, now), now);
  if (options.speed > 1 && event.parts.some(({ plan }) => plan.workspace.startsWith('https:')))
    throw new WrongInput('--speed is for a sandbox on this computer: a real workspace lives as fast as the calendar.');
  const addresses = event.parts.map(({ plan }) => plan.workspace);
  await withWorkspaces(addresses, options.profile, (signedIn) =>
    withClient(async (client) => {
      const { parts: all, nowhere } = await prepared({ file, read, options, now, client, signedIn });
      const parts = all.filter(({ people, runs }) => people.length > 0 || runs);
      const empty = all.filter((part) => !parts.includes(part));
      const starts = parts.flatMap(({ name, start }) => (start ? [{ name, ...start }] : []));
      for (const line of linesOf(parts)) say(line);
      for (const line of [...empty.map(emptyWords), ...nowhereLines(nowhere)]) say(line);
      if (starts.length === 0 && !parts.some(({ runs }) => runs)) throw new WrongInput('Nothing was started.');
      if (starts.length > 0)
        await confirm(starts.length === 1 ? 'Start it?' : `Start all ${starts.length}?`, options.yes);
      const known = await begin(client, { event, parts, options });
      const missing = parts.filter(({ name }) => !known.some((part) => part.name === name && part.runId !== undefined));
      if (missing.length + nowhere.length > 0) process.exitCode = EXIT.notAsWanted;
      if (options.json) return printJson({ event: { id: event.id, title: event.title }, parts: known, nowhere });
      print(
        `"${event.id}" runs in ${parts.length - missing.length} of ${parts.length} workspaces. See how it goes: ` +
          `bin/workshop status ${event.id} --watch`,
      );
      for (const { plan, people, runs } of parts)
        if (!runs && Object.keys(read.details).length > 0 && !fitAtStart(people, read.details))
          say(tooManyDetails(plan));
    }),
  );
}

interface ToPrepare {
  readonly file: string;
  readonly read: EventAndRoster;
  readonly options: EventStartOptions;
  readonly now: number;
  readonly client: WorkshopClient;
  readonly signedIn: ReadonlyMap<string, SignedInOrNot>;
}

/** Looks at everything that can be in the way, part by part. */
async function prepared(
  request: ToPrepare,
): Promise<{ readonly parts: readonly PartStart[]; readonly nowhere: readonly { email: string; why: string }[] }> {
  const { file, read, options, now, client, signedIn } = request;
  const { event } = read;
  if ((await client.standing(event.id)) !== 'none')
    throw new WrongInput(`There is a workshop "${event.id}" of one workspace. Choose another id. Nothing was started.`);
  const running = new Map<string, EventPart>();
  const placed = new Map<string, string>();
  const others = new Map<string, string>();
  for (const { name, plan } of event.parts) {
    const { state, about } = await client.look(plan.id);
    if (state !== 'running') continue;
    if (about?.event !== event.id) {
      others.set(name, `another workshop "${plan.id}" runs already`);
      continue;
    }
    const { workspace, workspaceId, runId } = about;
    running.set(name, { name, id: plan.id, workspace, workspaceId, runId });
    // Whoever is in a workshop stays there, whatever the roster says by now.
    for (const seat of await everybodyIn(client, plan.id)) if (takesPart(seat)) placed.set(seat.email, name);
  }
  const { parts, nowhere } = partsOfEvent(event, read, placed);
  const starts: PartStart[] = [];
  for (const part of parts) {
    const { name, plan, people } = part;
    const there = signedIn.get(plan.workspace) ?? { silence: `${plan.workspace} was not asked` };
    const runs = running.get(name);
    const because =
      others.get(name) ??
      (options.part !== undefined && options.part !== name ? 'it was not asked for' : undefined) ??
      (people.length === 0 ? 'nobody is in it' : undefined);
    if (runs) starts.push({ ...part, runs });
    else if (because !== undefined) starts.push({ ...part, why: because });
    else if ('silence' in there) starts.push({ ...part, why: there.silence });
    else {
      const theirs = new Set([...people, ...plan.testers]);
      const details = Object.fromEntries(Object.entries(read.details).filter(([email]) => theirs.has(email)));
      const given = sentOnlyTo({ ...read, ...part, details }, options.only, file);
      const start = await preparedStart({ given, file, signedIn: there, client, options, now, event: event.id }).catch(
        whyNot,
      );
      const { workspaceId } = there.me;
      starts.push({ ...part, ...(typeof start === 'string' ? { why: start } : { start: { ...start, workspaceId } }) });
    }
  }
  return { parts: starts, nowhere };
}

/** What is in the way of one workspace is no reason to leave the others. */
function whyNot(error: unknown): string {
  const isSaid =
    error instanceof WrongInput ||
    error instanceof Refused ||
    error instanceof NoAnswer ||
    error instanceof ConnectError;
  if (!isSaid) throw error;
  return error.message.replace(/ ?Nothing was started\.$/, '');
}

/** What binds them first, so that a start that is cut off is completed by the next. */
async function begin(
  client: WorkshopClient,
  { event, parts, options }: { event: EventAndRoster['event']; parts: readonly PartStart[]; options: StartOptions },
): Promise<EventPart[]> {
  const known = new Map(
    parts.map(({ name, plan, room, runs, start }): [string, EventPart] => [
      name,
      {
        name,
        id: plan.id,
        workspace: plan.workspace,
        ...(start ? { workspaceId: start.workspaceId } : {}),
        ...(room.most === Infinity ? {} : room),
        ...runs,
      },
    ]),
  );
  const looksAfter = [...known.values()].find(({ workspaceId }) => workspaceId !== undefined);
  const { plan } = parts[0] as PartStart;
  const bind = () =>
    client.startEvent({
      event: { id: event.id, title: event.title, split: event.split, parts: [...known.values()] },
      timeline: timelineOf(plan),
      pace: paceAt(options.speed),
      workspace: looksAfter?.workspace ?? plan.workspace,
      workspaceId: looksAfter?.workspaceId ?? '',
    });
  await bind();
  for (const { name, start } of parts) {
    const part = known.get(name);
    if (!start || !part) continue;
    const begun = await start.begin().catch(whyNot);
    if (typeof begun === 'string') {
      say(`✘ ${name}: ${begun}`);
      continue;
    }
    known.set(name, { ...part, runId: begun.runId });
    if (!begun.worked) say(`${name}: ${noWorkerYet()}`);
  }
  await bind();
  return [...known.values()];
}

const emptyWords = ({ name, plan }: PartStart): string => `${name}: nobody is put into ${plan.workspace}`;

function linesOf(parts: readonly PartStart[]): string[] {
  return parts.flatMap(({ name, plan, people, runs, start, why }) => [
    `${name}: ${people.length} people in ${plan.workspace}`,
    ...(runs ? [`  "${runs.id}" runs already, and stays as it is`] : []),
    ...(why === undefined ? [] : [`  ✘ it cannot be started: ${why}`]),
    ...(start?.lines.map((line) => `  ${line}`) ?? []),
  ]);
}

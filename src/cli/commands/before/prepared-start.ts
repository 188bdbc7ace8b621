import type { WorkshopClient } from '../../../client.ts';
import type { Workspace } from '../../../databricks/workspace.ts';
import { formatMoney } from '../../../domain/money/cost.ts';
import { paceAt } from '../../../domain/replayed/time/pace.ts';
import type { Kept } from '../../../domain/replayed/checklist/adopted-state.ts';
import { refusedWords } from '../../../domain/replayed/claim/claim-words.ts';
import { normaliseEmail } from '../../../domain/replayed/seat/email.ts';
import { remainsOf, type Remains } from '../../../preview.ts';
import { moment } from '../../../domain/clock/clock.ts';
import { claimedElsewhere } from '../../input/claimed-elsewhere.ts';
import { WrongInput } from '../../input/exit.ts';
import type { PlanAndRoster } from '../../input/input-files.ts';
import { withListedModel, withModel, type WithModel } from '../../input/listed-model.ts';
import { patiently } from '../../input/patiently.ts';
import { isLoopback } from '../../rehearsal/loopback.ts';
import { previewOf, type PlanPreview } from '../../input/plan-preview.ts';
import { samePeopleElsewhere } from './same-people.ts';
import type { SignedIn } from '../../input/with-workspace.ts';
import type { Timeline } from '../../../domain/replayed/time/timeline.ts';
import { DAY } from '../../../domain/replayed/time/units.ts';

export interface StartOptions {
  readonly yes?: boolean;
  readonly profile?: readonly string[];
  readonly adopt?: boolean;
  readonly only?: string;
  readonly json?: boolean;
  readonly speed: number;
  readonly evenIfRunningElsewhere?: boolean;
}

/** What a start is prepared with. */
export interface StartToPrepare {
  readonly given: PlanAndRoster;
  readonly file: string;
  readonly signedIn: SignedIn;
  readonly client: WorkshopClient;
  readonly options: StartOptions;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The event of several workspaces that it is one workshop of. */
  readonly event?: string;
}

/** A workshop of which everything was looked at that can be in the way. */
export interface PreparedStart extends Pick<PlanAndRoster, 'plan' | 'people'> {
  /** What will happen, and what to mind. */
  readonly lines: readonly string[];
  /** Starts it. @throws {Refused} */
  readonly begin: () => Promise<Begun>;
}

export interface Begun {
  readonly runId: string;
  readonly kept?: Kept;
  readonly timeline: Timeline;
  /** Somebody takes its work. */
  readonly worked: boolean;
}

/**
 * Looks at all that can be in the way of a start; nothing is started.
 * @throws {WrongInput} where something is
 */
export async function preparedStart(request: StartToPrepare): Promise<PreparedStart> {
  const { given, file, signedIn, client, options, now, event } = request;
  const { workspace, me } = signedIn;
  const read = await withItsModel(client, workspace, given, options);
  const { plan, people, details, aboutModel } = read;
  const preview = previewOf(read, now, options.adopt);
  const force = options.evenIfRunningElsewhere === true;
  const theirs = force ? undefined : await claimedElsewhere(client, workspace, plan.id, [plan.unityCatalog.scripts]);
  if (theirs) throw new WrongInput(`${refusedWords(theirs)}\nNothing was started.`);
  const remains = await patiently(() => remainsOf(workspace, plan.id));
  const adopted = options.adopt ? await runToAdopt(client, plan.id, remains) : undefined;
  if (!options.adopt && remains.ours.length > 0) {
    throw new WrongInput(
      `Workspace ${workspace.host} holds ${remains.ours.length} thing(s) tagged with the id ` +
        `"${plan.id}", like ${remains.ours[0]?.kind} ${remains.ours[0]?.name}. Take them over ` +
        `with --adopt, remove them with "bin/workshop teardown ${file} --dry-run" and then ` +
        '--execute, or choose another id. Nothing was started.',
    );
  }
  const timeline = adopted ? await client.timelineAfter(plan.id, preview.timeline) : preview.timeline;
  const inForce = { ...preview, timeline };
  refuseIfOver(file, inForce, now);
  const same = await samePeopleElsewhere(client, { id: plan.id, people, timeline, timeZone: plan.timeZone, event });
  const warned = { ...inForce, warnings: [...preview.warnings, ...same] };
  return {
    plan,
    people,
    lines: [
      ...whatWillHappen(inForce, { workspace, me }, adopted),
      ...(aboutModel === undefined ? [] : [aboutModel]),
      ...movedSince(preview, inForce),
      ...warnings(warned, client, now),
    ],
    begin: async () => {
      const started = await client.start({
        plan,
        people,
        details,
        timeline: preview.timeline,
        pace: paceAt(options.speed),
        workspaceId: me.workspaceId,
        estimate: preview.cost.total.expected,
        force,
        event,
        ...(adopted === undefined ? {} : { adopt: { runId: adopted } }),
      });
      return { ...started, timeline, worked: await client.hasWorker(plan.workspace, me.workspaceId) };
    },
  };
}

/** Said where the rest of a roster does not fit into a start. */
export const tooManyDetails = ({ roster, id }: PlanAndRoster['plan']): string =>
  'The names and tables of so many people do not fit into a start. Add them once it runs: ' +
  `bin/workshop attendees import ${roster} ${id}`;

export const noWorkerYet = (): string =>
  'No worker takes its work yet: run one with the credentials of this workspace, bin/workshop worker.';

/** Who takes a run over asks its people for no other model than they have. */
async function withItsModel(
  client: WorkshopClient,
  workspace: Workspace,
  read: PlanAndRoster,
  { adopt }: StartOptions,
): Promise<WithModel<PlanAndRoster>> {
  const before = adopt && read.modelLeftOut ? await client.modelBefore(read.plan.id) : undefined;
  return before === undefined ? withListedModel(workspace, read) : withModel(read, before);
}

export function refuseIfOver(file: string, { timeline, workshop }: PlanPreview, now: number): void {
  if (timeline.end > now) return;
  throw new WrongInput(
    `${file}: the workshop is over: it ended ${moment(timeline.end, workshop.timeZone)}. Change start in the plan. ` +
      'Nothing was started.',
  );
}

/** Said where the moments were changed while it ran, and the file still has the old ones. */
function movedSince({ timeline: file, workshop }: PlanPreview, { timeline }: PlanPreview): string[] {
  if (file.start === timeline.start && file.end === timeline.end) return [];
  const span = ({ start, end }: typeof timeline) =>
    `${moment(start, workshop.timeZone)} to ${moment(end, workshop.timeZone)}`;
  return [
    `It was moved while it ran, and stays so: ${span(timeline)}. The plan's file has what it was before: ` +
      `${span(file)}. Written into the file, another start or length counts instead.`,
  ];
}

/**
 * The run that what is there belongs to: by its tags, or, when nothing was made yet, by the reaper that watches over
 * it or by its people's workflows.
 */
async function runToAdopt(client: WorkshopClient, id: string, remains: Remains): Promise<string> {
  const [run, ...others] = remains.runs;
  if (others.length > 0) {
    throw new WrongInput(
      `What carries the id "${id}" belongs to ${remains.runs.length} runs ` +
        `(${remains.runs.join(', ')}): only one can be taken over. Remove all of it with ` +
        `"bin/workshop teardown ${id} --execute", then start without --adopt.`,
    );
  }
  const found = run ?? (await client.runLeftBehind(id));
  if (found === undefined)
    throw new WrongInput(
      `There is nothing to take over: nothing in the workspace carries the id "${id}", and no ` +
        'workflow of it runs. Start without --adopt.',
    );
  return found;
}

/** Three lines: where, what, when. */
export function whatWillHappen(
  { workshop, people, timeline, cost }: PlanPreview,
  { workspace, me }: { workspace: { host: string }; me: { workspaceId: string; userName: string } },
  adopted: string | undefined,
): string[] {
  return [
    `Workspace ${workspace.host} (id ${me.workspaceId}), as ${me.userName}.`,
    `${adopted === undefined ? '' : `Takes over run ${adopted}. `}"${workshop.title}" ` +
      `(${workshop.id}): a cluster each for ${people.attendees} attendees and ` +
      `${people.guestTesters.length} more testers, about ` +
      `${formatMoney(cost.total.expected, cost.currency)} in all.`,
    `Begins working now; the workshop is ${moment(timeline.start, workshop.timeZone)}; everything ` +
      `is removed from ${moment(timeline.teardown, workshop.timeZone)} on.`,
  ];
}

function warnings({ warnings: found, timeline }: PlanPreview, client: WorkshopClient, now: number): string[] {
  const sleeps = isLoopback(client.address.replace(/:\d+$/, '')) && timeline.start - now > DAY;
  return [
    ...found,
    ...(sleeps
      ? [
          `Temporal runs on this computer (${client.address}), and the workshop is ` +
            `${Math.round((timeline.start - now) / DAY)} days away: its timers stop while this ` +
            'computer sleeps or is off. For a real workshop use a Temporal server that stays up ' +
            '(docker-compose.yml).',
        ]
      : []),
  ].map((warning) => `! ${warning}`);
}

/** @throws {WrongInput} where nothing would be sent anyway, or the address is none */
export function sentOnlyTo<Read extends Pick<PlanAndRoster, 'plan'>>(
  read: Read,
  only: string | undefined,
  file: string,
): Read {
  if (only === undefined) return read;
  const onlyTo = normaliseEmail(only);
  if (onlyTo === undefined) throw new WrongInput(`"${only}" is not an email address. Nothing was started.`);
  const { messages } = read.plan;
  if (messages?.mail === undefined)
    throw new WrongInput(`${file} names no mail server, so --only ${onlyTo} would send nothing. See docs/messages.md`);
  return { ...read, plan: { ...read.plan, messages: { ...messages, onlyTo } } };
}

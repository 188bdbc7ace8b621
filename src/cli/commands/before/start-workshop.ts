import type { WorkshopClient } from '../../../client.ts';
import { formatMoney } from '../../../domain/money/cost.ts';
import { paceAt } from '../../../domain/replayed/time/pace.ts';
import type { Kept } from '../../../domain/replayed/checklist/adopted-state.ts';
import { fitAtStart } from '../../../domain/replayed/checklist/lifecycle-state.ts';
import { refusedWords } from '../../../domain/replayed/claim/claim-words.ts';
import { normaliseEmail } from '../../../domain/replayed/seat/email.ts';
import { remainsOf, type Remains } from '../../../preview.ts';
import { moment } from '../../terminal/clock.ts';
import { claimedElsewhere } from '../../input/claimed-elsewhere.ts';
import { confirm } from '../../terminal/confirm.ts';
import { WrongInput } from '../../input/exit.ts';
import { planFrom, type PlanAndRoster } from '../../input/input-files.ts';
import { patiently } from '../../input/patiently.ts';
import { isLoopback } from '../../rehearsal/loopback.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { previewOf, type PlanPreview } from '../../input/plan-preview.ts';
import { samePeopleElsewhere } from './same-people.ts';
import { withClient } from '../../input/with-client.ts';
import { withWorkspace } from '../../input/with-workspace.ts';
import { DAY } from '../../../domain/replayed/time/units.ts';

export interface StartOptions {
  readonly yes?: boolean;
  readonly adopt?: boolean;
  readonly only?: string;
  readonly json?: boolean;
  readonly speed: number;
  readonly evenIfRunningElsewhere?: boolean;
}

/**
 * Says what will happen, asks, and starts the lifecycle.
 * @throws {WrongInput} when it cannot be; nothing was started then.
 */
export async function startWorkshop(file: string, options: StartOptions): Promise<void> {
  const read = sentOnlyTo(await planFrom(file), options.only, file);
  const { plan, people, details } = read;
  const now = Date.now();
  const preview = previewOf(read, now, options.adopt);
  if (!options.adopt) refuseIfOver(file, preview, now);
  if (options.speed > 1 && plan.workspace.startsWith('https:'))
    throw new WrongInput('--speed is for a sandbox on this computer: a real workspace lives as fast as the calendar.');

  await withWorkspace(plan.workspace, ({ me, workspace }) =>
    withClient(async (client) => {
      await refuseIfRunning(client, plan.id);
      const force = options.evenIfRunningElsewhere === true;
      const theirs = force
        ? undefined
        : await claimedElsewhere(client, workspace, plan.id, [plan.unityCatalog.scripts]);
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
      const same = await samePeopleElsewhere(client, { id: plan.id, people, timeline });
      const warned = { ...inForce, warnings: [...preview.warnings, ...same] };
      for (const line of [
        ...whatWillHappen(inForce, { workspace, me }, adopted),
        ...movedSince(preview, inForce),
        ...warnings(warned, client, now),
      ])
        say(line);
      await confirm('Start it?', options.yes);
      const { runId, kept } = await client.start({
        plan,
        people,
        details,
        timeline: preview.timeline,
        pace: paceAt(options.speed),
        workspaceId: me.workspaceId,
        estimate: preview.cost.total.expected,
        force,
        ...(adopted === undefined ? {} : { adopt: { runId: adopted } }),
      });
      const worked = await client.hasWorker(plan.workspace, me.workspaceId);
      if (options.json)
        printJson({
          workshop: { id: plan.id, runId },
          workspace: { host: workspace.host, id: me.workspaceId, user: me.userName },
          attendees: people.length,
          ...(kept ? { kept } : {}),
          timeline,
          worker: worked,
        });
      else print(`Started "${plan.id}", run ${runId}. See how it goes: bin/workshop status ${plan.id} --watch`);
      if (kept && !options.json) print(keptWords(kept));
      if (Object.keys(details).length > 0 && !fitAtStart(people, details))
        say(
          'The names and tables of so many people do not fit into a start. Add them once it runs: ' +
            `bin/workshop attendees import ${plan.roster} ${plan.id}`,
        );
      if (!worked)
        say('No worker takes its work yet: run one with the credentials of this workspace, bin/workshop worker.');
    }),
  );
}

function refuseIfOver(file: string, { timeline, workshop }: PlanPreview, now: number): void {
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

/** What stays as it was of a run that is taken over. */
function keptWords({ people, addedLate, removed, answers }: Kept): string {
  const late = addedLate > 0 ? `, ${addedLate} of them added since the roster was written` : '';
  const out = removed > 0 ? ` ${removed} on the roster were removed from the workshop, and stay so.` : '';
  return `It goes on with ${people} people${late}.${out} ${answers} answers of people stay given.`;
}

async function refuseIfRunning(client: WorkshopClient, id: string): Promise<void> {
  if ((await client.standing(id)) === 'running') {
    throw new WrongInput(
      `A workshop "${id}" is running already on ${client.address}. See it with: bin/workshop ` +
        `status ${id}. Or choose another id in the plan. Nothing was started.`,
    );
  }
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
function sentOnlyTo(read: PlanAndRoster, only: string | undefined, file: string): PlanAndRoster {
  if (only === undefined) return read;
  const onlyTo = normaliseEmail(only);
  if (onlyTo === undefined) throw new WrongInput(`"${only}" is not an email address. Nothing was started.`);
  const { messages } = read.plan;
  if (messages?.mail === undefined)
    throw new WrongInput(`${file} names no mail server, so --only ${onlyTo} would send nothing. See docs/messages.md`);
  return { ...read, plan: { ...read.plan, messages: { ...messages, onlyTo } } };
}

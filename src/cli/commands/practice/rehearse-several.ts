import { setTimeout as wait } from 'node:timers/promises';
import { WorkshopClient } from '../../../client.ts';
import { eventReportPage } from '../../../domain/event/event-report-page.ts';
import { partsOfEvent, type PartOfEvent } from '../../../domain/event/parts-of-event.ts';
import { estimate } from '../../../domain/money/cost.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import type { EventPart, KnownEvent } from '../../../domain/replayed/event/event.ts';
import type { Details } from '../../../domain/replayed/seat/details.ts';
import { paceAt } from '../../../domain/replayed/time/pace.ts';
import type { Timeline } from '../../../domain/replayed/time/timeline.ts';
import { seatsOf } from '../../../domain/roster/seats.ts';
import { eventClient } from '../../../event/event-client.ts';
import type { Sandbox } from '../../../../sandbox/index.ts';
import type { ComputerLoad } from '../../rehearsal/computer-load.ts';
import { StartWhenReady } from '../../rehearsal/start-when-ready.ts';
import { prepareSandbox } from '../../rehearsal/prepare-sandbox.ts';
import { answerSignOffs } from '../../rehearsal/rehearsal-answers.ts';
import { crowding, rehearsalPlan } from '../../rehearsal/rehearsal-plan.ts';
import type { ServersAndWorker } from '../../rehearsal/servers-and-worker.ts';
import { followProgress, PATIENCE_MS } from '../../terminal/follow-progress.ts';
import { outcomeLines, peopleNotAsWanted } from '../../terminal/outcome.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { reportOfEvent } from '../several/show-event-report.ts';

/** The event's own report comes a moment after the last workshop's. */
const REPORT_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** The example for several workspaces, with everybody spread evenly. */
export function partsOfExample(plan: Plan, people: readonly string[], workspaces: number): readonly PartOfEvent[] {
  const parts = Array.from({ length: workspaces }, (_, n) => ({
    name: `w${n + 1}`,
    // Where they are is known once they run.
    plan: { ...plan, workspace: `http://127.0.0.1:${n + 1}` },
    modelLeftOut: false,
    bounds: {},
  }));
  return partsOfEvent({ parts, split: 'evenly' }, { people }).parts;
}

interface Several {
  readonly parts: readonly PartOfEvent[];
  readonly people: readonly string[];
  readonly details: Readonly<Record<string, Details>>;
}

interface Options {
  readonly plan?: string;
  readonly speed: number;
  readonly json?: boolean;
}

/** One workshop of it, ready to be started. */
interface Planned {
  readonly part: PartOfEvent;
  readonly sandbox: Sandbox;
  readonly plan: Plan;
  readonly timeline: Timeline;
}

/** From the start to the report of an event in several sandboxes; undefined when it was stopped before. */
export async function rehearseSeveral(
  servers: ServersAndWorker,
  { parts, people, details }: Several,
  options: Options,
  load: ComputerLoad,
  stop: AbortSignal,
): Promise<{ readonly isAsWanted: boolean; readonly roomPage: string | undefined } | undefined> {
  const { temporal, room } = servers;
  const client = await WorkshopClient.connect(servers.env);
  let started: KnownEvent | undefined;
  try {
    const planned = await plannedParts(servers, parts, { people, options, slowness: load.atFirst });
    const pace = paceAt(options.speed, load.atFirst * crowding(people.length));
    const [first] = planned;
    if (!first) throw new Error('a rehearsal without a workspace');
    const id = first.plan.id.slice(0, -first.part.name.length - 1);
    const known = new Map<string, EventPart>(
      planned.map(({ part, plan, sandbox }) => [
        part.name,
        { name: part.name, id: plan.id, workspace: sandbox.url, workspaceId: sandbox.workspaceId },
      ]),
    );
    const bind = async (): Promise<KnownEvent> => {
      const event = { id, title: first.plan.title, split: 'evenly' as const, parts: [...known.values()] };
      await client.startEvent({
        event,
        timeline: first.timeline,
        pace,
        workspace: first.sandbox.url,
        workspaceId: first.sandbox.workspaceId,
      });
      return event;
    };
    started = await bind();
    for (const { part, plan, timeline, sandbox } of planned) {
      const theirs = Object.entries(details).filter(([email]) => part.people.includes(email));
      const { runId } = await client.start({
        plan,
        people: part.people,
        details: Object.fromEntries(theirs),
        timeline,
        pace,
        workspaceId: sandbox.workspaceId,
        estimate: estimate(plan, seatsOf(plan, part.people)).total.expected,
        event: id,
      });
      known.set(part.name, { ...(known.get(part.name) as EventPart), runId });
    }
    const event = await bind();
    started = event;
    const firstRun = event.parts[0]?.runId;
    const roomPage = firstRun === undefined ? undefined : room?.facilitatorsPage(id, firstRun);
    const top = [
      `Rehearsing with ${people.length} people in ${planned.length} sandbox workspaces; nothing real is touched.`,
      ...(roomPage === undefined ? [] : [`The room: ${roomPage}`]),
      ...planned.map(({ part, sandbox }) => `${part.name}: ${part.people.length} people in ${sandbox.url}`),
      temporal.uiUrl ? `In Temporal: ${temporal.uiUrl}` : `Temporal: ${temporal.address}`,
    ];
    if (options.json) for (const line of top) say(line);
    const one = eventClient(client, event);
    const whenReady = new StartWhenReady(one, {
      id,
      timeline: first.timeline,
      load,
      say,
      lastChecks: crowding(people.length) > 1 ? pace.lastChecks : undefined,
    });
    await followProgress(one, id, {
      quiet: options.json === true,
      stop,
      top: options.json ? [] : top,
      about: { timeZone: first.plan.timeZone, timeline: first.timeline },
      patienceMs: PATIENCE_MS * crowding(people.length),
      onEach: async (progress, sinceMs) => {
        for (const part of event.parts)
          if ((await client.standing(part.id)) === 'running')
            await answerSignOffs(client, part.id, await client.progress(part.id));
        await whenReady.consider(progress, Date.now(), sinceMs);
      },
    });
    if (stop.aborted) return undefined;
    const report = await reportSoon(client, event);
    if (options.json) printJson(report);
    else print(['', eventReportPage(report)].join('\n'));
    say(`Letters, reports and logs: ${servers.folder}`);
    const amiss = [
      ...report.proof.notProven.map((part) => `${part}: it is not proven that nothing is left and costs money.`),
      ...peopleNotAsWanted(report.attendees, people.length),
    ];
    for (const line of outcomeLines(amiss)) say(line);
    return { isAsWanted: amiss.length === 0, roomPage };
  } finally {
    // A server that outlives the rehearsal is left as it was found.
    if (started !== undefined && !temporal.own) await forgotten(client, started);
    await client.close();
  }
}

async function plannedParts(
  { sandboxes }: ServersAndWorker,
  parts: readonly PartOfEvent[],
  about: { readonly people: readonly string[]; readonly options: Options; readonly slowness: number },
): Promise<Planned[]> {
  const now = Date.now();
  const planned: Planned[] = [];
  for (const [n, part] of parts.entries()) {
    const sandbox = sandboxes[n];
    if (!sandbox) throw new Error(`no sandbox for ${part.name}`);
    const everybody = [...new Set([...part.people, ...part.plan.testers])];
    const own = await prepareSandbox(sandbox, part.plan, everybody, say);
    const { plan, timeline } = await rehearsalPlan({
      attendees: about.people.length,
      workspace: sandbox.url,
      now,
      own,
      byMail: about.options.plan === undefined,
      slowness: about.slowness,
    });
    planned.push({ part, sandbox, timeline, plan: { ...plan, id: `${plan.id}-${part.name}` } });
  }
  return planned;
}

/** As the event wrote it; where it does not in time, put together from its workshops. */
async function reportSoon(client: WorkshopClient, event: KnownEvent) {
  for (const began = Date.now(); Date.now() - began < REPORT_WITHIN_MS; await wait(LOOK_AGAIN_MS)) {
    const report = await client.eventReport(event.id);
    if (report) return report;
  }
  return reportOfEvent(client, event);
}

async function forgotten(client: WorkshopClient, event: KnownEvent): Promise<void> {
  try {
    await client.forgetEvent(event.id);
    for (const { id } of event.parts) await client.forget(id);
  } catch (error) {
    say(`Not everything of the rehearsal could be ended on ${client.address}: ${(error as Error).message}`);
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import { answerSignOffs } from '../src/cli/rehearsal/rehearsal-answers.ts';
import { rehearsalPlan } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { EndedWithoutReport, NoAnswer, Refused, type StartRequest } from '../src/client.ts';
import { estimate } from '../src/domain/money/cost.ts';
import type { Report } from '../src/domain/papers/report.ts';
import {
  attendeeAddress,
  cohortAddress,
  queuesOf,
  teardownAddress,
  workshopAddress,
} from '../src/domain/replayed/made/addresses.ts';
import type { TeardownReport } from '../src/domain/replayed/ending/teardown-report.ts';
import { seatKey } from '../src/domain/replayed/seat/seat-key.ts';
import { paceAt } from '../src/domain/replayed/time/pace.ts';
import { disagreements } from './agreement.ts';
import type { Act, Day } from './day.ts';
import { SPEED, type World } from './world.ts';

/** How it came to its end, as those are told who ran it. */
export type Ending =
  | { readonly how: 'report'; readonly report: Report }
  | { readonly how: 'torn down'; readonly proof: TeardownReport }
  | { readonly how: 'not ended' };

const LOOK_MS = 500;
const BY = 'chaos';
/** A person who is told that nothing answers tries again for this long. */
const PATIENCE_MS = 90_000;
/** A start that was moved away is waited for, too. */
const RESTS_AT_MOST_MS = 150_000;

/** The one who runs the workshop of a drawn day: does what the day says, and what its troubles ask of a person. */
export class Facilitator {
  readonly #world: World;
  readonly #day: Day;
  readonly #said: string[] = [];
  #request: StartRequest | undefined;
  #runId = '';
  #isAway = false;
  #proof: TeardownReport | undefined;
  #atRest: readonly string[] = [];
  /** Everybody who is to be there. */
  readonly invited: Set<string>;

  constructor(world: World, day: Day) {
    this.#world = world;
    this.#day = day;
    this.invited = new Set(day.people);
  }

  get id(): string {
    return this.#asked().plan.id;
  }

  get runId(): string {
    return this.#runId;
  }

  /** What was asked, and what came back. */
  get said(): readonly string[] {
    return this.#said;
  }

  /** What did not agree when all changes of plan had come to rest. */
  get atRest(): readonly string[] {
    return this.#atRest;
  }

  async start(): Promise<void> {
    const { sandbox, client } = this.#world;
    const now = Date.now();
    const { plan, timeline } = await rehearsalPlan({
      attendees: this.#day.people.length,
      workspace: sandbox.url,
      now,
    });
    const moments = Object.fromEntries(Object.entries(this.#day.moments).map(([name, ms]) => [name, now + ms]));
    this.#request = {
      plan: { ...plan, testers: [] },
      people: this.#day.people,
      timeline: { ...timeline, ...moments },
      pace: paceAt(SPEED, this.#day.slowness),
      workspaceId: sandbox.workspaceId,
      estimate: estimate(plan, this.#day.people.length).total.expected,
    };
    this.#runId = (await client.start(this.#request)).runId;
  }

  /** Until it has ended, or should have long ago. */
  async run(): Promise<Ending> {
    const began = Date.now();
    const acts = this.#day.acts.map(async (act) => {
      await wait(act.at);
      await this.#do(act).catch((error: unknown) => this.#say(`${act.act}: ${told(error)}`));
    });
    const rest = this.#day.comesToRest ? this.#comeToRest(acts) : Promise.all(acts);
    while (Date.now() - began < this.#day.limitMs) {
      await wait(LOOK_MS);
      const ending = await this.#look().catch((error: unknown) => this.#setBack(error));
      if (!ending) continue;
      // What still comes finds a workshop that is over, and is told so.
      await rest;
      return ending;
    }
    return { how: 'not ended' };
  }

  async #comeToRest(acts: readonly Promise<void>[]): Promise<void> {
    await Promise.all(acts);
    for (const began = Date.now(); ; await wait(LOOK_MS)) {
      this.#atRest = await disagreements(this.#world, this).catch((error: unknown) => [told(error)]);
      if (this.#atRest.length === 0 || Date.now() - began > RESTS_AT_MOST_MS) break;
    }
    this.#say(this.#atRest.length === 0 ? 'everything agreed' : 'it did not come to rest');
    await this.#patiently('cancel', () => this.#world.client.cancel(this.id, { by: BY, reason: 'enough was seen' }));
  }

  /** Does what `status` says of a lifecycle that its worker cannot go on with. */
  async #setBack(error: unknown): Promise<undefined> {
    if (!(error instanceof NoAnswer && error.message.includes('temporal workflow reset'))) return;
    const { temporal } = this.#world;
    const workflowId = workshopAddress(this.id);
    const { namespace } = temporal.options;
    const { runId } = await temporal.workflow.getHandle(workflowId).describe();
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
    if (!first?.eventId) return;
    await temporal.workflowService.resetWorkflowExecution({
      namespace,
      workflowExecution: { workflowId, runId },
      workflowTaskFinishEventId: first.eventId,
      reason: 'stuck',
      requestId: crypto.randomUUID(),
    });
    this.#say('the lifecycle was stuck, and was set back to the beginning of its heading');
  }

  async #look(): Promise<Ending | undefined> {
    const { client } = this.#world;
    if (this.#proof) return { how: 'torn down', proof: this.#proof };
    if (this.#isAway) return undefined;
    if ((await client.standing(this.id)) === 'running') {
      await answerSignOffs(client, this.id, await client.progress(this.id));
      return undefined;
    }
    try {
      return { how: 'report', report: await client.result(this.id) };
    } catch (error) {
      if (!(error instanceof EndedWithoutReport)) throw error;
      // Ended by the reaper's removal, which has its own proof, or taken away and not yet taken up again.
      await this.#tearDown();
      return undefined;
    }
  }

  async #do(act: Act): Promise<void> {
    const { client, temporal } = this.#world;
    const terminate = async (workflowId: string) => {
      await this.#patiently(act.act, () => temporal.workflow.getHandle(workflowId).terminate('a hand slipped'));
    };
    switch (act.act) {
      case 'kill a worker':
        return this.#world.killWorker(act.which, act.away);
      case 'kill Temporal':
        return this.#world.killTemporal(act.away);
      case 'restart the sandbox':
        return this.#world.restartSandbox(act.away);
      case 'deploy':
        return this.#world.deploy();
      case 'terminate the cohort':
        return terminate(cohortAddress(this.id, 0));
      case 'terminate an attendee':
        return terminate(attendeeAddress(this.id, seatKey(this.#runId, this.#day.people[act.who] ?? '')));
      case 'terminate the lifecycle':
        return this.#loseLifecycle(act.next, act.away);
      case 'add': {
        await this.#patiently(act.act, () => client.addAttendees(this.id, { emails: [act.email], by: BY }));
        this.invited.add(act.email);
        return;
      }
      case 'cancel':
        await this.#patiently(act.act, () => client.cancel(this.id, { by: BY, reason: 'a flood' }));
        return;
      case 'retry':
        await this.#patiently(act.act, () => client.retry(this.id, { item: act.item, by: BY }));
        return;
      case 'waive':
        await this.#patiently(act.act, () => client.waive(this.id, { item: act.item, by: BY, reason: 'not today' }));
        return;
      case 'remove': {
        const change = { emails: [act.email], by: BY };
        const { removed = [] } = await this.#patiently(act.act, () => client.removeAttendees(this.id, change));
        for (const email of removed) this.invited.delete(email);
        return;
      }
      case 'repair':
        await this.#patiently(`${act.act} with ${act.stage}`, () =>
          client.repair(this.id, { email: act.email, stage: act.stage, by: BY }),
        );
        return;
      case 'pause':
        await this.#patiently(act.act, () => client.pause(this.id, { by: BY }));
        await wait(act.length);
        await this.#patiently('resume', () => client.resume(this.id, { by: BY }));
        return;
      case 'reschedule':
      case 'extend':
        return this.#move(act.act, act.by);
    }
  }

  /** By so many milliseconds from what was in force at that moment: what was computed once is asked for until heard. */
  async #move(what: 'reschedule' | 'extend', by: number): Promise<void> {
    const { client } = this.#world;
    const { about } = await this.#patiently('look', () => client.look(this.id));
    if (!about) return;
    const { start, end, teardown, dayOf, ...earlier } = about.timeline;
    const ends = { end: end + by, teardown: teardown + by };
    const moved = { ...earlier, dayOf: dayOf + by, start: start + by, ...ends };
    await this.#patiently(what, () =>
      what === 'extend'
        ? client.extend(this.id, { by: BY, ...ends })
        : client.reschedule(this.id, { by: BY, timeline: moved }),
    );
  }

  async #loseLifecycle(next: 'adopt' | 'teardown', away: number): Promise<void> {
    const { client, temporal } = this.#world;
    this.#isAway = true;
    try {
      await this.#patiently('terminate the lifecycle', () =>
        temporal.workflow.getHandle(workshopAddress(this.id)).terminate('a hand slipped'),
      );
      await wait(away);
      const isOver = () => Date.now() > this.#asked().timeline.end;
      if (next === 'adopt' && !isOver())
        await this.#patiently('adopt', async () => {
          if (isOver()) return this.#tearDown();
          await client.start({ ...this.#asked(), adopt: { runId: this.#runId } });
        });
      else await this.#tearDown();
    } finally {
      this.#isAway = false;
    }
  }

  async #tearDown(): Promise<void> {
    const { client, sandbox, temporal } = this.#world;
    const { plan, workspaceId, pace } = this.#asked();
    this.#proof = await this.#patiently('teardown', async () => {
      // The reaper's, if that was faster.
      const handle = temporal.workflow.getHandle(teardownAddress(this.id));
      const ended = await handle.describe().catch((): undefined => undefined);
      if (
        ended?.status.name === 'COMPLETED' &&
        sandbox.books().clusters.every(({ alive, tags }) => !alive || tags['workshop-run'] !== this.#runId)
      )
        return (await handle.result()) as TeardownReport;
      return client.teardown({
        v: 1,
        run: { workshopId: this.id, runId: this.#runId, workspaceId },
        pace,
        queues: queuesOf(plan.workspace, workspaceId),
        deletePool: true,
      });
    });
  }

  async #patiently<T>(what: string, ask: () => Promise<T>): Promise<T> {
    for (const began = Date.now(); ;) {
      try {
        const answer = await ask();
        this.#say(`${what}: done`);
        return answer;
      } catch (error) {
        if (error instanceof Refused || Date.now() - began > PATIENCE_MS) throw error;
        await wait(LOOK_MS);
      }
    }
  }

  #say(text: string): void {
    const since = this.#request ? Date.now() - this.#request.timeline.start + this.#day.moments.start : 0;
    this.#said.push(`${(since / 1_000).toFixed(1)} s: ${text}`);
  }

  #asked(): StartRequest {
    if (!this.#request) throw new Error('not started yet');
    return this.#request;
  }
}

const told = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

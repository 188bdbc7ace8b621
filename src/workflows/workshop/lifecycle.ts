import { condition } from '@temporalio/workflow';
import type { Run } from '../../activities/run.ts';
import { amendedPlan } from '../../domain/replayed/checklist/amendment.ts';
import { Checklist } from '../../domain/replayed/checklist/checklist.ts';
import type { CrowdState, LifecycleState } from '../../domain/replayed/checklist/lifecycle-state.ts';
import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import { HEADINGS, type LineId } from '../../domain/replayed/checklist/lines.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Totals } from '../../domain/replayed/seat/totals.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { isEventOn } from '../../domain/replayed/time/event.ts';
import { callsFor, type Calls } from '../shared/calls.ts';
import { copyOf } from '../shared/copy.ts';
import { RollCall } from '../shared/roll-call.ts';
import { historyIsLong } from '../shared/history-is-long.ts';
import { addressed, type Role } from '../shared/addressed.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import { completed, type Setting } from '../shared/setting.ts';
import { Crowd } from '../people/crowd.ts';
import { LineRunner, type Act, type Again } from './line-runner.ts';
import { describe } from './progress-of.ts';

/** Lines that only take away what costs money: no pause holds them up. */
const COSTS_NOTHING: readonly LineId[] = ['spares'];

export interface WorkshopInput extends Setting {
  readonly v: 1;
  /** What the plan was estimated to cost, in its currency. */
  readonly estimate: number;
  /** The server knows our search attributes: setting an unknown one would stop the workflow. */
  readonly searchable: boolean;
  /** The event of several workspaces that it is one workshop of; absent of any other. */
  readonly partOf?: string | undefined;
  readonly state: LifecycleState;
}

/** A running workshop, as the headings of the guide see it: its checklist, its people, and the ways to act. */
export class Lifecycle {
  readonly input: WorkshopInput;
  /** Without what the checklist and the crowd keep. */
  readonly state: Omit<LifecycleState, keyof CrowdState | 'items'>;
  readonly checklist: Checklist;
  readonly crowd: Crowd;
  readonly lines: LineRunner;
  readonly rollCall = new RollCall();
  readonly calls: Calls;
  /** Set when this run ends: nothing new is begun. */
  leaving = false;
  /** The pool is being filled for one line of the guide; another one waits. */
  poolIsTried = false;
  /** Another run's claim was found, or is gone: what is worked on begins anew. */
  claimTurned = false;
  /** The moments before the start was moved to a later day: the guide is to be opened at an earlier page again. */
  movedFrom: Timeline | undefined;
  /** Lines were opened anew: they are worked on again under the same page. */
  linesOpened = false;
  /** The end was moved although it had come: the workshop goes on. */
  isReopened = false;
  readonly #whole: LifecycleState;

  constructor(input: WorkshopInput) {
    this.input = completed(input);
    this.#whole = copyOf(input.state);
    this.state = this.#whole;
    this.calls = callsFor(this.input.queues, this.pace);
    this.checklist = new Checklist(this.#whole.items, () => describe(this));
    this.crowd = new Crowd(this.#whole, {
      run: this.run,
      testers: this.plan.testers,
      infrastructure: () => this.#infrastructure(),
      changed: () => ({
        timeline: this.state.timeline,
        startTold: this.state.startTold,
        amended: this.state.amended?.fields,
      }),
      page: HEADINGS.indexOf(this.state.heading),
      missed: () => this.rollCall.soon(),
      // What the cohorts know of a run that was taken over is better than nothing.
      isSilent: () => this.seatsComeFirst && this.state.policyId === undefined,
    });
    if (this.seatsComeFirst) this.checklist.needInstead('canary', 'policy');
    this.lines = new LineRunner(this.checklist, this.pace, {
      onFailure: (id, message, toDo) =>
        this.tell(
          'leadFacilitator',
          `${id}-failed`,
          `"${this.checklist.item(id)?.title ?? id}" failed`,
          `${message}\n\n${toDo}`,
        ),
      isPaused: (id) => this.isPaused && !COSTS_NOTHING.includes(id),
    });
  }

  /** In force: with what was amended since. */
  get plan(): Plan {
    return amendedPlan(this.input.plan, this.state.amended?.fields);
  }
  get run(): Run {
    return this.input.run;
  }
  get pace(): Pace {
    return this.input.pace;
  }
  get timeline(): Timeline {
    return this.state.timeline ?? this.input.timeline;
  }

  /** All that the next run of this lifecycle has to know. */
  snapshot(): LifecycleState {
    return { ...this.#whole, items: this.checklist.items };
  }

  planInForce(): PlanInForce {
    const { plan, timeline, run, crowd, state } = this;
    return {
      plan,
      runId: run.runId,
      timeline,
      ...(state.policyId === undefined ? {} : { policyId: state.policyId }),
      ...(state.poolId === undefined ? {} : { poolId: state.poolId }),
      people: crowd.size,
      cohorts: crowd.cohorts,
      ...this.foundOut,
    };
  }

  /** What letters say besides the plan. */
  get foundOut(): { readonly laptopsFetchServer?: true } {
    return this.state.laptopsFetchServer ? { laptopsFetchServer: true } : {};
  }

  /** See {@link LineRunner.do}. */
  do(id: LineId, act: Act, again?: Again): Promise<void> {
    return this.lines.do(id, act, again);
  }

  /** Asks people for a sign-off. Nobody waits here for the answer: its deadline is watched by `signOffs`. */
  ask(id: LineId, deadline: number): void {
    this.checklist.ask(id, Math.max(deadline, Date.now() + this.pace.signOff));
  }

  totals(): Totals {
    return this.crowd.totals();
  }

  /**
   * Waits for a moment of the timeline, which may move meanwhile. Cancellable, like every line of the guide.
   * @param moment epoch milliseconds, asked for again whenever the timeline has changed
   */
  async until(moment: () => number, summary: string): Promise<void> {
    while (Date.now() < moment()) {
      const known = moment();
      await condition(() => moment() !== known, known - Date.now(), { summary });
    }
  }

  /** This run of the workflow should end here, whatever the heading. */
  get mustGoOn(): boolean {
    const beginsAnew = this.claimTurned || this.linesOpened || this.movedFrom !== undefined;
    return this.isEnding || beginsAnew || historyIsLong(this.pace);
  }

  /** Nothing new begins for now. The end and the removal wait for nobody. */
  get isPaused(): boolean {
    return this.state.paused !== undefined && this.state.heading !== 'after' && Date.now() < this.timeline.end;
  }

  get isEnding(): boolean {
    return this.leaving || (this.state.cancelled !== undefined && this.state.heading !== 'after');
  }

  /** A letter to one of the plan's contacts. It never fails the one who sends it. */
  async tell(role: Role, name: string, subject: string, text: string): Promise<void> {
    const { contact } = this.plan.contacts[role];
    try {
      await this.calls.notify(this.run, {
        name,
        message: { to: contact, subject: `[${this.plan.title}] ${subject}`, text },
        ...addressed(this.plan, role),
      });
    } catch (error) {
      ignoreUnlessCancelled(error);
    }
  }

  /**
   * A run was taken over in the middle of the event: its seats are repaired first. What a canary protects
   * is the first wave, not a room that runs.
   */
  get seatsComeFirst(): boolean {
    const page = HEADINGS.indexOf(this.state.heading);
    return this.state.adopted === true && isEventOn(this.timeline, page, Date.now());
  }

  #infrastructure() {
    const { policyId, poolId, launchStop, elsewhere, laptopsFetchServer } = this.state;
    if (elsewhere) return { mayCreate: false, held: false, elsewhere: true };
    const mayCreate = policyId !== undefined && (this.checklist.isDone('canary') || this.seatsComeFirst);
    return {
      ...(policyId ? { policyId } : {}),
      ...(poolId ? { poolId } : {}),
      ...(launchStop ? { stop: { class: launchStop.class } } : {}),
      ...(this.isPaused ? { paused: true } : {}),
      ...(laptopsFetchServer ? { laptopsFetchServer } : {}),
      mayCreate,
      held: !mayCreate && this.checklist.item('canary')?.state === 'failed',
    };
  }
}

import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import { WorkspaceLooks, type ReadsWorkspace } from './workspace-looks.ts';
import { readRoomView, type ReadsRoom, type RoomView } from './room-view.ts';

/** How long after an answer Temporal is asked again: what takes long is asked less often by itself. */
const REST_MS = 1_000;
/** Whoever has no stream asks in turn: so long after the last question somebody still looks. */
const LOOKS_ON_MS = 20_000;
/** What is younger is shown without asking anew. */
const FRESH_MS = 1_500;

/** A plan changes seldom; whoever changes it here asks anew. */
const PLAN_MS = 10_000;

/** Why there is nothing newer than what is shown. */
export interface Silence {
  readonly why: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

type Listener = (watch: WorkshopWatch) => void;

/**
 * What is known of one workshop, asked for once for all who look: one question after the other while somebody looks,
 * none otherwise.
 */
export class WorkshopWatch {
  readonly id: string;
  readonly #reader: ReadsRoom;
  readonly #listeners = new Set<Listener>();
  readonly #workspace: WorkspaceLooks;
  #view: RoomView | undefined;
  #inForce: { readonly plan: PlanInForce; readonly at: number } | undefined;
  #silence: Silence | undefined;
  #asking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #askedUntil = 0;

  constructor(reader: ReadsRoom, id: string, reads?: ReadsWorkspace) {
    this.#reader = reader;
    this.#workspace = new WorkspaceLooks(reads);
    this.id = id;
  }

  /** The last that was heard; undefined before the first answer. */
  get view(): RoomView | undefined {
    return this.#view;
  }

  /** Set while Temporal or the worker does not answer. */
  get silence(): Silence | undefined {
    return this.#silence;
  }

  /** A view of this moment, or the last one there was. @throws {Error} what the first question came to, without one */
  async look(): Promise<RoomView> {
    this.#askedUntil = Date.now() + LOOKS_ON_MS;
    if (this.#view === undefined || Date.now() - this.#view.at > FRESH_MS) await this.#ask();
    this.#goOn();
    if (this.#view === undefined) throw new Error(this.#silence?.why ?? 'nothing is known of it yet');
    return this.#view;
  }

  /** Asked anew at once, for whoever has just changed something. */
  async lookAgain(): Promise<void> {
    await this.#asking;
    this.#inForce = undefined;
    await this.#ask();
  }

  /** Calls back after every answer, until the returned function is called. */
  follow(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#goOn();
    return () => void this.#listeners.delete(listener);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#askedUntil = 0;
  }

  get #isWatched(): boolean {
    return this.#listeners.size > 0 || Date.now() < this.#askedUntil;
  }

  #goOn(): void {
    if (this.#timer !== undefined || this.#asking !== undefined || !this.#isWatched) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWatched) void this.#ask();
    }, REST_MS);
    this.#timer.unref();
  }

  #ask(): Promise<void> {
    return (this.#asking ??= this.#read(Date.now()).finally(() => {
      this.#asking = undefined;
      this.#goOn();
    }));
  }

  async #read(began: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      const inForce = await this.#planInForce(began);
      this.#view = await readRoomView(this.#reader, this.id, { inForce, workspace: this.#workspace.known });
      this.#workspace.consider(this.#view);
      this.#silence = undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#silence = { why, since: this.#silence?.since ?? began };
    }
    for (const listener of this.#listeners) listener(this);
  }

  async #planInForce(now: number): Promise<PlanInForce> {
    if (this.#inForce === undefined || now - this.#inForce.at > PLAN_MS)
      this.#inForce = { plan: await this.#reader.planInForce(this.id), at: now };
    return this.#inForce.plan;
  }
}

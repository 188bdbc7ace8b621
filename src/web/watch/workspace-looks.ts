import type { FromWorkspace } from './from-workspace.ts';
import type { RoomView } from './room-view.ts';

/** Asks the workspace, for everybody at once. It may fail: pages do without it then. */
export type ReadsWorkspace = (view: RoomView) => Promise<FromWorkspace>;

/** A listing of runs, of clusters and of apps: what is on many screens all day asks no more often. */
const EVERY_MS = 30_000;

/** Asks a workspace now and then, while somebody looks and there is something to be seen. */
export class WorkspaceLooks {
  readonly #reads: ReadsWorkspace | undefined;
  #known: FromWorkspace | undefined;
  #askedAt = 0;

  constructor(reads: ReadsWorkspace | undefined) {
    this.#reads = reads;
  }

  get known(): FromWorkspace | undefined {
    return this.#known;
  }

  /** Asks where it is time to, and waits for nothing. */
  consider(view: RoomView): void {
    const { dayOf, teardown } = view.timeline;
    const isTheDay = view.at >= dayOf && view.at < teardown && !view.isOver;
    if (this.#reads === undefined || !isTheDay || view.at - this.#askedAt < EVERY_MS) return;
    this.#askedAt = view.at;
    void this.#reads(view).then(
      (known) => (this.#known = known),
      () => undefined,
    );
  }
}

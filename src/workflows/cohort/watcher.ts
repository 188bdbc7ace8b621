import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Run } from '../../activities/run.ts';
import { isMoving, isUp } from '../../domain/replayed/seat/seat-state.ts';
import type { LastLook } from '../../domain/replayed/checklist/progress.ts';
import type { ClusterNews } from '../../domain/replayed/seat/seat.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import type { Calls } from '../shared/calls.ts';
import type { Places } from './places.ts';

/** What a watcher works with. */
export interface Watched {
  readonly run: Run;
  readonly pace: Pace;
  readonly calls: Calls;
  readonly places: Places;
  /** The policy that the clusters are made under; without one nothing is watched, and no twin removed. */
  readonly policyId: () => string | undefined;
  readonly isOver: () => boolean;
  /** Asks a seat that has no cluster to look for one that was made after all. */
  readonly lookAgain: (key: string) => void;
}

/** Compares one listing with everybody's cluster, again and again, and passes on what differs. */
export class Watcher {
  readonly #watched: Watched;
  #looking: CancellationScope | undefined;
  #isClose = false;
  /** When the last listing was had, epoch milliseconds. */
  #lookedAt: number | undefined;
  /**
   * When a cluster that nobody uses was removed or stopped, epoch milliseconds. Listings may still show it for a while;
   * after that what was asked, and answered well, has not taken.
   */
  readonly #dealtWith = new Map<string, number>();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** How old is what is known of clusters; undefined before the first look, and while nothing is watched. */
  get lastLook(): LastLook | undefined {
    const { isOver, policyId } = this.#watched;
    if (this.#lookedAt === undefined || isOver() || policyId() === undefined) return undefined;
    return { at: this.#lookedAt, everyMs: this.#isClose ? this.#closeLimit : this.#quietPause };
  }

  /** Ends the look that is under way: the cohort has something else to do. */
  interrupt(): void {
    this.#looking?.cancel();
  }

  /** Something begins to move: looks from now on every few seconds. */
  lookClosely(): void {
    if (!this.#isClose) this.interrupt();
  }

  /** @param pass is told each change, once */
  async run(pass: (news: ClusterNews) => void): Promise<void> {
    const { places, pace, policyId, isOver } = this.#watched;
    const hasSomething = () =>
      policyId() !== undefined && (Object.keys(places.known()).length > 0 || places.inDoubt().length > 0);
    for (;;) {
      await condition(() => isOver() || hasSomething());
      if (isOver()) return;
      this.#isClose = places.seats().some(isMoving);
      this.#looking = new CancellationScope();
      try {
        const seen = await this.#looking.run(() => this.#look());
        this.#lookedAt = Date.now();
        const ofSeats = seen.filter(({ unknownTo, setAside }) => unknownTo === undefined && setAside !== true);
        for (const news of ofSeats) pass(news);
        await this.#looking.run(() => this.#settle(seen));
        if (!this.#isClose && seen.length === 0) await this.#looking.run(() => this.#pause());
      } catch (error) {
        if (!isCancellation(error)) await condition(isOver, pace.watchQuiet);
      }
    }
  }

  /**
   * The twin of a cluster that a seat uses goes; one whose seat has none is found by that seat; one that was set aside
   * and runs on is stopped. What cannot be settled is seen again in the next listing.
   */
  async #settle(seen: readonly ClusterNews[]): Promise<void> {
    const { run, calls, places, pace, isOver, lookAgain, policyId } = this.#watched;
    if (policyId() === undefined) return;
    const unknown = seen.flatMap(({ clusterId, unknownTo: key }) => (key === undefined ? [] : [{ clusterId, key }]));
    for (const { clusterId, key } of unknown) {
      const keptId = places.clusterOf(key);
      if (keptId === undefined || keptId === clusterId) continue;
      if (keptId === 'none') lookAgain(key);
      else if (await calls.removeTwin(run, { clusterId, keptId, key }).catch(notDone))
        this.#dealtWith.set(clusterId, Date.now());
    }
    const aside = seen.filter(({ setAside }) => setAside);
    for (const { clusterId } of aside) {
      await calls.stopCluster(run, { clusterId }).catch(notDone);
      this.#dealtWith.set(clusterId, Date.now());
    }
    if (unknown.length + aside.length > 0) await condition(isOver, pace.watchMoving);
  }

  /** While nothing moves, this timer is cheaper than an activity that says every few seconds that it is alive. */
  #pause(): Promise<unknown> {
    return condition(this.#watched.isOver, this.#quietPause, { summary: 'before the next look' });
  }

  get #quietPause(): number {
    const { pace, places } = this.#watched;
    const mayChange = places.seats().some(isUp) || places.inDoubt().length > 0;
    return mayChange ? pace.watchQuiet : pace.watchAsleep;
  }

  get #closeLimit(): number {
    const { pace } = this.#watched;
    return Math.max(3 * pace.watchMoving, 2 * pace.listStaleness);
  }

  #lately(ms: number): string[] {
    return [...this.#dealtWith].flatMap(([clusterId, at]) => (Date.now() - at < ms ? [clusterId] : []));
  }

  #look(): Promise<readonly ClusterNews[]> {
    const { run, pace, calls, places, policyId } = this.#watched;
    const lately = this.#lately(2 * pace.listStaleness);
    return calls.watchClusters(run, {
      policyId: policyId() ?? '',
      known: places.known(),
      inDoubt: places.inDoubt(),
      passOver: [...lately, ...places.setAside()],
      aside: places.setAside().filter((clusterId) => !lately.includes(clusterId)),
      everyMs: pace.watchMoving,
      staleMs: pace.listStaleness,
      // Soon back while clusters are still being added to what is known.
      limitMs: this.#isClose ? this.#closeLimit : 0,
    });
  }
}

/** It is seen again in a later listing. */
function notDone(error: unknown): false {
  if (isCancellation(error)) throw error;
  return false;
}

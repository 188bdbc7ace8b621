import type { Details } from '../../domain/replayed/seat/details.ts';
import { asListed } from '../../domain/replayed/seat/cluster-news.ts';
import { isMoving } from '../../domain/replayed/seat/seat-state.ts';
import { atLeast, type ClusterNews, type ClusterState, type Seat } from '../../domain/replayed/seat/seat.ts';
import { startedAgain, takenOut } from '../../domain/replayed/seat/transitions.ts';
import type { Known } from '../../activities/people/people.ts';
import type { SeatReport } from '../shared/messages.ts';

const isHeld = ({ state, failedLaunches }: Seat): boolean =>
  state === 'waiting' || (state === 'failed' && failedLaunches !== undefined);

const hasCluster = ({ cluster }: Seat): boolean => cluster !== undefined && cluster.state !== 'GONE';

/** A seat as its cohort knows it. */
export interface Place {
  readonly seat: Seat;
  /** The attendee's last report; older ones that arrive late are dropped. */
  readonly seq: number;
  /** Its workflow was started. */
  readonly started: boolean;
  /** Its workflow has ended, or is never to begin. */
  readonly closed: boolean;
}

/** The seats of one cohort, as they were last reported. It alone changes what the cohort knows of them. */
export class Places {
  readonly #places: Map<string, Place>;
  #version = 0;
  /** Everybody, until something changes. */
  #all: readonly Place[] | undefined;
  #seats: readonly Seat[] | undefined;

  constructor(places: readonly Place[]) {
    this.#places = new Map(places.map((place) => [place.seat.key, place]));
  }

  /** Another one whenever something has changed. */
  get version(): number {
    return this.#version;
  }

  all(): readonly Place[] {
    return (this.#all ??= [...this.#places.values()]);
  }

  seats(): readonly Seat[] {
    return (this.#seats ??= this.all().map(({ seat }) => seat));
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  get(key: string): Place | undefined {
    return this.#places.get(key);
  }

  /** True when its seat does not know all of this of itself yet. */
  isNewOf(key: string, details: Details): boolean {
    const place = this.get(key);
    if (!place || place.closed) return false;
    const known = place.seat.details ?? {};
    return (['name', 'table', 'role'] as const).some(
      (what) => details[what] !== undefined && details[what] !== known[what],
    );
  }

  /** Whose workflow should be running. */
  present(): readonly string[] {
    return this.all().flatMap(({ seat, started, closed }) => (started && !closed ? [seat.key] : []));
  }

  get areAllClosed(): boolean {
    return this.all().every(({ closed }) => closed);
  }

  /** Whoever comes back takes their old place. @param closed nothing is to begin for it any more */
  add(seat: Seat, closed: boolean): void {
    const seq = this.#places.get(seat.key)?.seq ?? 0;
    this.#set(seat.key, { seat, seq, started: false, closed });
  }

  /** The person takes part no longer; true when their workflow is to hear of it. */
  takeOut(key: string, by: string, at: number): boolean {
    const place = this.#places.get(key);
    if (!place || place.seat.takenOut) return false;
    this.#change(key, () => ({ ...place, seat: takenOut(place.seat, by, at) }));
    return place.started && !place.closed;
  }

  started(key: string): void {
    this.#change(key, (place) => ({ ...place, started: true }));
  }

  /** Its workflow was ended from outside: another is to take the seat over, and reports after this one's last. */
  lost(key: string): void {
    this.#change(key, (place) => ({ ...place, seat: startedAgain(place.seat), started: false }));
  }

  /** Until its next report: its workflow does not go on. */
  stuck(key: string): void {
    this.#change(key, (place) => ({ ...place, seat: { ...place.seat, stuck: true } }));
  }

  closed(key: string): void {
    this.#change(key, (place) => ({ ...place, closed: true }));
  }

  /**
   * Takes in an attendee's report. True when its cluster begins to move: a quiet watch would notice only minutes later.
   */
  hear({ key, seq, seat, closed }: SeatReport): boolean {
    const place = this.#places.get(key);
    if (!place || seq <= place.seq) return false;
    const { takenOut: gone } = place.seat;
    // What was reported before the person was removed changes nothing about that.
    const known = gone && !seat.takenOut ? takenOut(seat, gone.by, gone.at) : seat;
    this.#change(key, () => ({ ...place, seat: known, seq, closed: place.closed || closed }));
    return !isMoving(place.seat) && isMoving(seat);
  }

  /** Cluster id → state, of the clusters that a listing is compared with. */
  known(): Record<string, ClusterState> {
    const states: Record<string, ClusterState> = {};
    for (const { seat, closed } of this.#places.values()) {
      if (seat.cluster && seat.cluster.state !== 'GONE' && !closed) states[seat.cluster.id] = seat.cluster.state;
    }
    return states;
  }

  /** While launches are stopped: whose is tried next. One that was never tried tells the most. */
  longestWaiting(): readonly string[] {
    return this.all()
      .filter(({ seat, closed }) => !closed && isHeld(seat))
      .toSorted((a, b) => (a.seat.failedLaunches?.at ?? 0) - (b.seat.failedLaunches?.at ?? 0))
      .slice(0, 1)
      .map(({ seat }) => seat.key);
  }

  /** Whose person the workspace knew when it was asked. */
  found(): readonly Known[] {
    return this.all().flatMap(({ seat: { key, email, person }, started, closed }) =>
      started && !closed && person ? [{ key, email, person }] : [],
    );
  }

  failed(): readonly string[] {
    return this.all().flatMap(({ seat, started, closed }) =>
      started && !closed && seat.state === 'failed' ? [seat.key] : [],
    );
  }

  /** Clusters that were replaced: no seat uses them, and they are to be down. */
  setAside(): readonly string[] {
    return this.seats().flatMap((seat) => seat.setAside ?? []);
  }

  /** Keys of seats that asked for a cluster and have none: it may have been made all the same. */
  inDoubt(): string[] {
    return this.all().flatMap(({ seat, closed }) =>
      !closed && seat.state === 'failed' && atLeast(seat.target, 'prepared') && !hasCluster(seat) ? [seat.key] : [],
    );
  }

  /** The cluster that a seat uses, and `none` while it has none; undefined when it is nobody's who may have one. */
  clusterOf(key: string): string | undefined {
    const place = this.#places.get(key);
    if (!place || place.closed) return undefined;
    return hasCluster(place.seat) ? place.seat.cluster?.id : 'none';
  }

  /**
   * Counts what is passed on as known, or the next listing would tell it again. Returns whose cluster it is: who has
   * not told as much since the listing was compared, or all of them.
   */
  listed({ clusterId, state }: ClusterNews, all: boolean): readonly string[] {
    const owners = this.seats().filter(({ cluster }) => cluster?.id === clusterId && (all || cluster.state !== state));
    for (const { key } of owners) this.#change(key, (place) => ({ ...place, seat: asListed(place.seat, state) }));
    return owners.map(({ key }) => key);
  }

  #change(key: string, change: (place: Place) => Place): void {
    const place = this.#places.get(key);
    if (place) this.#set(key, change(place));
  }

  #set(key: string, place: Place): void {
    this.#places.set(key, place);
    this.#version += 1;
    this.#all = undefined;
    this.#seats = undefined;
  }
}

/** The places of seats that an earlier run knew: their workflows may still run, and their next report counts. */
export const placesOf = (seats: readonly Seat[]): readonly Place[] =>
  seats.map((seat) => ({ seat, seq: 0, started: true, closed: seat.state === 'released' }));

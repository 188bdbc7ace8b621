import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { LaunchBucket } from '../clusters/fleet/launch-bucket.ts';
import type { Launch } from '../clusters/fleet/launch-bucket.ts';
import { kindOf, ON_LAUNCH, readFaults } from './fault.ts';
import type { Fault, FaultInput, FaultReading } from './fault.ts';
import { fitsGlob } from './glob.ts';
import { hits } from './hits.ts';
import { launchTrouble } from './launch-trouble.ts';
import type { LaunchTrouble } from './launch-trouble.ts';
import { milliseconds } from '../time/span.ts';
import { clusterSubject, concerns } from './subject.ts';
import type { Subject } from './subject.ts';
import type { Kept } from '../state/kept.ts';

/** A fault and how often it has hit something. */
export interface FaultCount {
  readonly fault: Fault;
  readonly fired: number;
}

interface Active {
  readonly fault: Fault;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly bucket: LaunchBucket | undefined;
  ordinals: Map<string, number>;
  fired: number;
}

/** Each fault, and how far it has counted. */
type FaultsState = readonly (Pick<Active, 'fault' | 'ordinals' | 'fired'> & {
  readonly bucket: ReturnType<LaunchBucket['state']> | undefined;
})[];

/** Where launches look for what is to go wrong with them. */
export interface LaunchFaults {
  /** @param pool the name of the pool that the nodes come from. */
  onLaunch(spec: ClusterSpec, pool: string | undefined, at: number): LaunchTrouble | undefined;
  takeNodes(spec: ClusterSpec, pool: string | undefined, nodes: number, at: number): Launch;
}

/** Where pools look whether the cloud gives them machines. */
export interface PoolFaults {
  /** Why it does not, or undefined. */
  onInstance(pool: string, at: number): string | undefined;
}

const LAUNCH = 'launch';

/**
 * The faults of this workspace, and how often each has hit. Every fault counts for itself, resource by resource and
 * route by route, whatever the others do.
 */
export class Faults implements LaunchFaults, PoolFaults, Kept<FaultsState> {
  readonly #speed: number;
  readonly #startedAt: number;
  #active: Active[] = [];

  /** @param startedAt what `from` and `until` count from. */
  constructor(faults: readonly Fault[], speed: number, startedAt: number) {
    this.#speed = speed;
    this.#startedAt = startedAt;
    this.#active = faults.map((fault) => this.#begin(fault));
  }

  state(): FaultsState {
    return this.#active.map(({ fault, ordinals, fired, bucket }) => ({
      fault,
      ordinals,
      fired,
      bucket: bucket?.state(),
    }));
  }

  restore(state: FaultsState): void {
    this.#active = state.map(({ fault, ordinals, fired, bucket }) => {
      const one = { ...this.#begin(fault), ordinals, fired };
      if (bucket) one.bucket?.restore(bucket);
      return one;
    });
  }

  get isEmpty(): boolean {
    return this.#active.length === 0;
  }

  list(): FaultCount[] {
    return this.#active.map(({ fault, fired }) => ({ fault, fired }));
  }

  /** Forgets all counts. Nothing changes when one of them is wrong: the answer says what. */
  replace(faults: readonly FaultInput[]): FaultReading {
    const read = readFaults(faults);
    if (read.ok) this.#active = read.faults.map((fault) => this.#begin(fault));
    return read;
  }

  /** Those there are go on counting. */
  add(...faults: readonly FaultInput[]): FaultReading {
    const read = readFaults([...this.#active.map(({ fault }) => fault), ...faults]);
    if (read.ok) this.#active.push(...read.faults.slice(this.#active.length).map((fault) => this.#begin(fault)));
    return read;
  }

  /**
   * The faults that hit this request, in the order of the list.
   * @param route method and path as asked, such as `GET /api/2.1/clusters/list`.
   */
  onRequest(route: string, subject: Subject, at: number): Fault[] {
    return this.#active
      .filter(
        (one) =>
          isOfRequests(one.fault) &&
          (one.fault.route === undefined || fitsGlob(one.fault.route, route)) &&
          this.#hits(one, subject, route, at),
      )
      .map(({ fault }) => fault);
  }

  /** What goes wrong with this launch: the first fault that hits it. */
  onLaunch(spec: ClusterSpec, pool: string | undefined, at: number): LaunchTrouble | undefined {
    const subject = clusterSubject(spec, pool);
    const troubles = this.#active.flatMap((one) => {
      const trouble = launchTrouble(one.fault, spec);
      return trouble && this.#hits(one, subject, LAUNCH, at) ? [trouble] : [];
    });
    return troubles[0];
  }

  /** Takes a launch from every bucket that it falls under, or says after how many whole seconds to try again. */
  takeNodes(spec: ClusterSpec, pool: string | undefined, nodes: number, at: number): Launch {
    const subject = clusterSubject(spec, pool);
    for (const one of this.#active) {
      if (!one.bucket || !isNow(one, at) || !concerns(one.fault, subject)) continue;
      const taken = one.bucket.take(nodes, at);
      if (taken.granted) continue;
      one.fired += 1;
      return taken;
    }
    return { granted: true, tokensBefore: Number.POSITIVE_INFINITY };
  }

  onInstance(pool: string, at: number): string | undefined {
    const one = this.#active.find(
      (active) => active.fault.effect.noInstances && isNow(active, at) && concerns(active.fault, { key: '', pool }),
    );
    if (one) one.fired += 1;
    return one?.fault.effect.noInstances?.message;
  }

  #begin(fault: Fault): Active {
    const moment = (span: string | undefined, without: number): number =>
      span === undefined ? without : this.#startedAt + milliseconds(span) / this.#speed;
    const rate = fault.effect.launchBucket;
    const from = moment(fault.from, Number.NEGATIVE_INFINITY);
    return {
      fault,
      from,
      until: moment(fault.until, Number.POSITIVE_INFINITY),
      bucket: rate && new LaunchBucket(rate, this.#speed, Math.max(this.#startedAt, from)),
      ordinals: new Map(),
      fired: 0,
    };
  }

  #hits(one: Active, subject: Subject, route: string, at: number): boolean {
    if (!isNow(one, at) || !concerns(one.fault, subject)) return false;
    const key = `${subject.key} | ${route}`;
    const ordinal = (one.ordinals.get(key) ?? 0) + 1;
    one.ordinals.set(key, ordinal);
    const hit = hits(one.fault, subject.key, route, ordinal);
    if (hit) one.fired += 1;
    return hit;
  }
}

const isNow = ({ from, until }: Active, at: number): boolean => at >= from && at < until;

const isOfRequests = (fault: Fault): boolean => !ON_LAUNCH.includes(kindOf(fault));

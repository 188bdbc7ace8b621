import type { Schedule } from '../time/schedule.ts';
import type { Pace } from '../time/pace.ts';

/** Where a machine of a pool is: on its way or there, for a cluster or for whoever comes next. */
export type InstanceState = 'pending_idle' | 'idle' | 'pending_used' | 'used' | 'gone';

/** A machine of a pool. */
export interface Instance {
  readonly id: number;
  state: InstanceState;
  since: number;
  /** When it will be there, while pending. */
  readonly arrivesAt: number;
  lease: Lease | undefined;
}

/** Instances that one cluster holds. */
export interface Lease {
  readonly instances: Instance[];
  missing: number;
  readonly holder: LeaseHolder;
}

/** The launch that a cluster holds instances for. */
export interface LeaseHolder {
  readonly clusterId: string;
  /** Of the cluster when it asked: another one by now, and nobody waits for the instances any more. */
  readonly epoch: number;
  /** How long the runtime takes to start on them, in the sandbox's milliseconds. */
  readonly bootMs: number;
}

/** What a fleet asks and tells the workspace. */
export interface FleetWorld {
  readonly schedule: Schedule;
  readonly pace: Pace;
  /** Asked when an instance would arrive: whether the cloud does not give it. */
  obstacle(instance: number, at: number): boolean;
  /** All instances of a lease are there. */
  whenReady(holder: LeaseHolder, at: number): void;
}

/** The instances of a pool as they are kept. */
export interface PoolFleetState {
  readonly name: string;
  readonly instances: Set<Instance>;
  readonly count: Record<InstanceState, number>;
  readonly size: FleetSize;
  readonly made: number;
  readonly open: boolean;
  readonly meter: FleetMeter;
}

/** How much machines cost so far: instance-milliseconds, and the most at one time. */
export interface FleetMeter {
  at: number;
  idleMs: number;
  usedMs: number;
  peakIdle: number;
  peakUsed: number;
}

/** How many instances a pool may have, and for how long for nobody. */
export interface FleetSize {
  minIdle: number;
  /** Idle and used together; undefined is no limit. */
  maxCapacity: number | undefined;
  idleMinutes: number;
}

/** As the pools API answers it. */
export interface FleetStats {
  readonly used_count: number;
  readonly idle_count: number;
  readonly pending_used_count: number;
  readonly pending_idle_count: number;
}

import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { ClusterRequest, StartedCluster } from '../../activities/clusters/attendee-cluster.ts';
import { machineFor } from '../../domain/replayed/seat/machine-for.ts';
import type { Step } from '../../domain/replayed/seat/next-step.ts';
import { repairBegun, setAside } from '../../domain/replayed/seat/repair.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import {
  found,
  given,
  launchesLearnt,
  lookedAfter,
  moved,
  opened,
  shared,
  started,
  stopping,
} from '../../domain/replayed/seat/transitions.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { Calls } from '../shared/calls.ts';
import type { Infrastructure } from '../shared/messages.ts';
import type { Setting } from '../shared/setting.ts';
import type { ClusterLooks } from './look-at-cluster.ts';

/** Steps that change something. */
export type Act = Exclude<Step, 'rest' | 'leave' | 'verify' | 'check'>;

/** The seat as it is at this moment: signals may change it while a step is on its way. */
export interface CurrentSeat {
  readonly seat: Seat;
  readonly infrastructure: Infrastructure;
  readonly timeline: Timeline;
  /** The start that letters are to name, once it was moved: epoch milliseconds. */
  readonly startTold: number | undefined;
  become(seat: Seat): void;
}

/** Takes single steps for a seat; what each learned becomes part of it. */
export class SeatSteps {
  readonly #setting: Setting;
  readonly #calls: Calls;
  readonly #looks: ClusterLooks;
  readonly #cohort: string;

  /** @param cohort workflow id of the cohort that the seat is in */
  constructor(setting: Setting, calls: Calls, looks: ClusterLooks, cohort: string) {
    this.#cohort = cohort;
    this.#setting = setting;
    this.#calls = calls;
    this.#looks = looks;
  }

  async take(step: Act, current: CurrentSeat): Promise<void> {
    const { run, plan } = this.#setting;
    const { seat, infrastructure } = current;
    switch (step) {
      case 'find': {
        const person = await this.#calls.findPerson(run, { email: seat.email, cohort: this.#cohort });
        return current.become(found(current.seat, person));
      }
      case 'open': {
        const { poolId } = infrastructure;
        const { endpoint, granted } = await this.#calls.openAccess(run, { plan, userName: userName(seat), poolId });
        return current.become(opened(current.seat, endpoint, poolId, granted));
      }
      case 'create': {
        const made = await this.#calls.createCluster(run, this.#clusterRequest(current));
        const { clusterId: id, name } = made;
        // By our own clock, which may be apart from the workspace's: how long it takes is measured from here on.
        const now = Date.now();
        const launched = made.earlier ? { launchedAt: made.launchedAt, phaseAt: now } : { launchedAt: now };
        const mine = given(current.seat, { id, name, ...launched });
        return current.become(launchesLearnt(made.shared ? shared(mine) : mine, made.launches, now));
      }
      case 'share':
        await this.#calls.shareCluster(run, { clusterId: clusterId(seat), userName: userName(seat) });
        return current.become(shared(current.seat));
      case 'save': {
        const saved = await this.#looks.save(seat);
        return current.become(lookedAfter(current.seat, saved));
      }
      case 'stop':
        await this.#calls.stopCluster(run, { clusterId: clusterId(seat) });
        return current.become(repairBegun(stopping(current.seat)));
      case 'set aside':
        return this.#setAside(current);
      case 'start':
        return this.#start(current);
    }
  }

  /** One that cannot even be stopped is left behind all the same: the person waits. */
  async #setAside(current: CurrentSeat): Promise<void> {
    await this.#calls.stopCluster(this.#setting.run, { clusterId: clusterId(current.seat) }).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
    });
    current.become(setAside(current.seat, Date.now()));
  }

  async #start(current: CurrentSeat): Promise<void> {
    const { run } = this.#setting;
    const { cluster, option } = current.seat;
    if (cluster && cluster.option !== option) {
      await this.#calls.moveCluster(run, { clusterId: cluster.id, request: this.#clusterRequest(current) });
      current.become(moved(current.seat));
    }
    const asked = Date.now();
    const { launches } = current.seat;
    const outcome = await this.#calls.startCluster(run, { clusterId: clusterId(current.seat), launches });
    // Older histories know only a word.
    const { is, launches: learnt }: StartedCluster = typeof outcome === 'string' ? { is: outcome } : outcome;
    current.become(launchesLearnt(started(current.seat, is, asked), learnt, Date.now()));
  }

  #clusterRequest({ seat, infrastructure: { policyId, poolId } }: CurrentSeat): ClusterRequest {
    const { plan, gathers } = this.#setting;
    if (!policyId) throw ApplicationFailure.nonRetryable('there is no cluster policy to create under', 'NO_POLICY');
    const { key, generation, email, launches } = seat;
    return {
      plan,
      key,
      generation,
      email,
      userName: userName(seat),
      policyId,
      ...(launches ? { launches } : {}),
      ...(gathers ? { share: true } : {}),
      ...machineFor(seat.option, plan, poolId),
    };
  }
}

function userName({ person }: Seat): string {
  if (!person) throw ApplicationFailure.nonRetryable('this person was not found in the workspace', 'NOT_IN_WORKSPACE');
  return person.userName;
}

function clusterId({ cluster }: Seat): string {
  if (!cluster) throw ApplicationFailure.nonRetryable('this seat has no cluster', 'NO_CLUSTER');
  return cluster.id;
}

import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { ClusterRequest } from '../../activities/clusters/attendee-cluster.ts';
import { diagnoseTermination, hungLaunch, type Diagnosis } from '../../domain/replayed/seat/diagnosis.ts';
import {
  forgetLooks,
  isMoving,
  isToPark,
  nextStep,
  raiseTo,
  stateOf,
  takeNews,
  takeStop,
  type Seat,
  type Step,
} from '../../domain/replayed/seat/seat.ts';
import { callsFor } from '../shared/calls.ts';
import { copyOf } from '../shared/copy.ts';
import { eyesOn } from './eyes.ts';
import { troubleOf } from '../shared/failures.ts';
import { historyIsLong } from '../shared/history-is-long.ts';
import {
  clusterNews,
  clusterNewsSchema,
  hear,
  raise,
  raiseSchema,
  release,
  seatReport,
  type Infrastructure,
} from '../shared/messages.ts';
import { completed, type Setting } from '../shared/setting.ts';

export interface AttendeeInput extends Setting {
  readonly v: 1;
  /** Workflow id of the cohort that is told. */
  readonly cohort: string;
  readonly seat: Seat;
  readonly infrastructure: Infrastructure;
  readonly seq: number;
}

/** Steps that change something. */
type Act = Exclude<Step, 'rest' | 'leave' | 'verify' | 'check'>;

/** Failures in a row after which a seat that might mend itself waits as long as one that needs a person. */
const PATIENCE = 3;

/**
 * One person's seat, from enrolment to release: a reconciler. The target is raised from outside; the seat does, in order,
 * whatever is missing (see `nextStep`), and rests. It never fails: what goes wrong becomes a diagnosis and a next try.
 */
export async function attendee(given: AttendeeInput): Promise<void> {
  const input = completed(given);
  const { run, plan, pace } = input;
  const seat: Seat = copyOf(input.seat);
  const calls = callsFor(input.queues, pace);
  const eyes = eyesOn(seat, input, calls);
  let infrastructure = input.infrastructure;
  let seq = input.seq;
  let reported = '';
  let news = 0;
  let current: CancellationScope | undefined;

  hear(raise, raiseSchema, (wish) => {
    news += 1;
    infrastructure = wish.infrastructure;
    raiseTo(seat, wish.target, wish.wake, wish.due);
    settle();
  });
  hear(clusterNews, clusterNewsSchema, (said) => {
    news += 1;
    if (takeNews(seat, said, Date.now())) {
      fail(
        diagnoseTermination(
          said.terminationCode ? { code: said.terminationCode, type: said.terminationType } : undefined,
          said.terminationDetail,
        ),
        'a launch',
      );
    } else if (seat.state !== 'failed' || seat.cluster?.state === 'RUNNING') settle();
  });
  setHandler(release, () => {
    news += 1;
    seat.target = 'released';
    current?.cancel();
  });

  const rules = () => ({
    preProvision: plan.compute.preProvision,
    mayCreate: infrastructure.mayCreate,
    held: infrastructure.held,
    poolId: infrastructure.poolId,
  });

  for (;;) {
    // Counted before deciding: what is heard while the decision is being reported must not be slept through.
    const heard = news;
    const step = nextStep(seat, rules(), Date.now());
    if (step === 'leave') break;
    if (step === 'rest') {
      await rest(heard);
      continue;
    }
    if (step === 'create' || step === 'start') {
      seat.state = step === 'create' ? 'creating' : 'starting';
      await report(false);
    }
    current = new CancellationScope();
    try {
      await current.run(() => (step === 'verify' || step === 'check' ? look(step) : act(step)));
    } catch (error) {
      if (isCancellation(error) && seat.target === 'released') break;
      fail(diagnosisOf(error));
    }
  }
  // The last to do for somebody: what is on the disk of their cluster goes with it.
  if (seat.cluster?.shared && seat.cluster.state === 'RUNNING') await eyes.save();
  seat.state = 'released';
  await report(true);

  async function act(step: Act): Promise<void> {
    await take(step);
    // What a cluster fails of is as it was when its files have been saved.
    if (step !== 'save' || seat.state !== 'failed') settle();
  }

  /** Looks at the cluster. One that runs and does not serve is begun anew if that may help, and stopped if nobody needs it before somebody has acted. */
  async function look(step: 'verify' | 'check'): Promise<void> {
    const found = await eyes.look(step).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return diagnosisOf(error);
    });
    if (!found) {
      settle();
      return;
    }
    const anew = found.remedy === 'restart' && mayBeginAnew(step);
    fail(anew || found.remedy !== 'restart' ? found : { ...found, remedy: 'person' }, 'a look');
    if (anew || isToPark(seat)) {
      if (seat.cluster) seat.cluster.verified = false;
      await take('stop');
    }
  }

  /** Not under somebody's hands, and not while their files are nowhere else. */
  function mayBeginAnew(step: 'verify' | 'check'): boolean {
    return seat.saved?.state !== 'failed' && (step === 'verify' || Date.now() < input.timeline.start);
  }

  /** What each step does; what it learned goes into the seat. */
  async function take(step: Act): Promise<void> {
    const { cluster } = seat;
    switch (step) {
      case 'find':
        seat.person = await calls.short.findPerson(run, { email: seat.email });
        return;
      case 'open': {
        const { endpoint } = await calls.short.openAccess(run, {
          plan,
          userName: userName(),
          poolId: infrastructure.poolId,
        });
        seat.access = true;
        seat.endpoint = endpoint;
        if (infrastructure.poolId) seat.accessPool = infrastructure.poolId;
        return;
      }
      case 'write':
        await calls.short.deliverLetter(run, {
          plan,
          timeline: input.timeline,
          email: seat.email,
          before: seat.letter,
          clusterId: cluster?.shared ? cluster.id : undefined,
        });
        seat.letter = cluster?.shared ? cluster.id : '';
        return;
      case 'create': {
        const made = await calls.launch.createCluster(run, wish());
        if (made.clusterId !== cluster?.id) {
          seat.clusters += 1;
          forgetLooks(seat);
        }
        seat.cluster = {
          id: made.clusterId,
          name: made.name,
          state: 'PENDING',
          shared: false,
          verified: false,
          launchedAt: made.launchedAt,
          option: seat.option,
        };
        return;
      }
      case 'share':
        await calls.short.shareCluster(run, { clusterId: clusterId(), userName: userName() });
        if (cluster) cluster.shared = true;
        return;
      case 'save':
        await eyes.save();
        return;
      case 'stop':
        await calls.short.stopCluster(run, { clusterId: clusterId() });
        takeStop(seat);
        return;
      case 'start': {
        if (cluster && cluster.option !== seat.option) {
          await calls.short.moveCluster(run, { clusterId: cluster.id, wish: wish() });
          cluster.option = seat.option;
        }
        const asked = Date.now();
        const outcome = await calls.launch.startCluster(run, { clusterId: clusterId() });
        if (!cluster) return;
        delete cluster.woken;
        // The watcher may have seen it come up while the call was on its way; only what it saw before counts as old.
        if (outcome === 'gone') cluster.state = 'GONE';
        else if (cluster.state === 'TERMINATED' || cluster.state === 'ERROR')
          Object.assign(cluster, { state: 'PENDING', launchedAt: asked });
        return;
      }
    }
  }

  /** Tells the cohort, then waits for news, for the time of the next try, or for a launch to be overdue. */
  async function rest(heard: number): Promise<void> {
    await report(false);
    if (historyIsLong(pace)) {
      await continueAsNew<typeof attendee>({ ...input, seat, infrastructure, seq });
    }
    const overdue =
      isMoving(seat) && seat.cluster?.state !== 'TERMINATING'
        ? (seat.cluster?.launchedAt ?? 0) + pace.launch
        : Infinity;
    // A time to try again that is over, with nothing to try: the cluster sleeps, and its owner wakes it.
    const again = seat.state === 'failed' ? (seat.retryAt ?? Infinity) : Infinity;
    const until = Math.min(overdue, again > Date.now() ? again : Infinity);
    const woken =
      until === Infinity
        ? await condition(() => news !== heard).then(() => true)
        : await condition(() => news !== heard, Math.max(1, until - Date.now()));
    if (!woken && Date.now() >= overdue) await giveUpLaunch();
  }

  async function giveUpLaunch(): Promise<void> {
    fail(hungLaunch(Math.round((pace.launch * pace.speed) / 60_000)), 'a launch');
    try {
      await take('stop');
    } catch (error) {
      // The launch is overdue whether or not this stop was heard; the next rest asks again.
      if (seat.cluster) seat.cluster.launchedAt = Date.now();
      fail({ class: 'hung', cause: troubleOf(error).message, toDo: troubleOf(error).toDo, remedy: 'again' });
    }
  }

  function settle(): void {
    seat.state = stateOf(seat);
    if (seat.state === 'ready') seat.readyAt ??= Date.now();
    if (seat.state === 'ready' || seat.state === 'parked' || seat.state === 'asleep') seat.failures = 0;
    delete seat.diagnosis;
    delete seat.retryAt;
  }

  /** @param lost what the failure cost: a launch is a machine's hour, and a look keeps one awake; they are tried again ever more rarely. */
  function fail(diagnosis: Diagnosis, lost: 'a launch' | 'a look' | 'a call' = 'a call'): void {
    seat.failures += 1;
    seat.diagnosis = diagnosis;
    seat.state = 'failed';
    if (lost === 'a launch') seat.lost = { launches: (seat.lost?.launches ?? 0) + 1, last: diagnosis };
    if (diagnosis.remedy === 'other-node-type' && seat.option < plan.compute.fallbackNodeTypes.length) seat.option += 1;
    const patient = diagnosis.remedy === 'person' || seat.failures > PATIENCE;
    const patience =
      lost !== 'a call' ? Math.min(pace.recheck * 2 ** Math.max(0, seat.failures - 1), pace.reminder) : pace.recheck;
    seat.retryAt = Date.now() + (patient ? patience : pace.retryFirst * 2 ** seat.failures);
    // A cluster that died is brought back, whoever or whatever it died of; one that only does not serve may sleep until somebody has acted.
    if (seat.target === 'ready' && (lost !== 'a look' || diagnosis.remedy === 'restart')) seat.wake = true;
  }

  function wish(): ClusterRequest {
    if (!infrastructure.policyId)
      throw ApplicationFailure.nonRetryable('there is no cluster policy to create under', 'NO_POLICY');
    const fallback = seat.option > 0 ? plan.compute.fallbackNodeTypes[seat.option - 1] : undefined;
    return {
      plan,
      key: seat.key,
      generation: seat.generation,
      email: seat.email,
      userName: userName(),
      policyId: infrastructure.policyId,
      ...(fallback ? { nodeType: fallback } : infrastructure.poolId ? { poolId: infrastructure.poolId } : {}),
    };
  }

  function userName(): string {
    if (!seat.person)
      throw ApplicationFailure.nonRetryable('this person was not found in the workspace', 'NOT_IN_WORKSPACE');
    return seat.person.userName;
  }

  function clusterId(): string {
    if (!seat.cluster) throw ApplicationFailure.nonRetryable('this seat has no cluster', 'NO_CLUSTER');
    return seat.cluster.id;
  }

  async function report(closed: boolean): Promise<void> {
    const whole = JSON.stringify(seat);
    if (whole === reported && !closed) return;
    reported = whole;
    seq += 1;
    setCurrentDetails(`**${seat.state}**${seat.diagnosis ? `: ${seat.diagnosis.cause}` : ''}`);
    try {
      await getExternalWorkflowHandle(input.cohort).signal(seatReport, {
        key: seat.key,
        seq,
        seat: copyOf(seat),
        closed,
      });
    } catch {
      // A cohort that is gone needs no report; teardown finds what is left by its tags.
    }
  }
}

function diagnosisOf(error: unknown): Diagnosis {
  const { type, message, toDo, handOff } = troubleOf(error);
  const isFinal =
    error instanceof Error && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true;
  return {
    class: type,
    cause: message,
    toDo: [toDo, ...(handOff ?? [])].join('\n'),
    remedy: isFinal ? 'person' : 'again',
  };
}

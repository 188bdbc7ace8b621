import { z } from 'zod';
import type { Diagnosis } from './diagnosis.ts';
import { SAVED_STATES } from './job-report.ts';
import { SEAT_STATES, type SeatState } from './seat-states.ts';

/** What the lifecycle wants of a seat. Each includes the ones before it; `released` ends it. */
export const TARGETS = ['enrolled', 'invited', 'prepared', 'ready', 'released'] as const;
export type Target = (typeof TARGETS)[number];

export { SEAT_STATES, type SeatState } from './seat-states.ts';

/** A tester who is not on the roster has a seat too, but is not counted among the attendees. */
export const ROLES = ['attendee', 'tester', 'guest tester'] as const;
export type Role = (typeof ROLES)[number];

/** Cluster states of facts/databricks.md section 3; GONE means that no listing shows it any more. */
const CLUSTER_STATES = [
  'PENDING',
  'RUNNING',
  'RESTARTING',
  'RESIZING',
  'TERMINATING',
  'TERMINATED',
  'ERROR',
  'UNKNOWN',
  'GONE',
] as const;
export type ClusterState = (typeof CLUSTER_STATES)[number];

/** What a listing says of one cluster. Instants in epoch milliseconds. */
export const clusterNewsSchema = z.object({
  clusterId: z.string(),
  state: z.enum(CLUSTER_STATES),
  terminatedAt: z.number().optional(),
  terminationCode: z.string().optional(),
  terminationType: z.string().optional(),
  terminationDetail: z.string().optional(),
});
export type ClusterNews = Readonly<z.output<typeof clusterNewsSchema>>;

export interface Person {
  /** The workspace's own userName: it becomes single_user_name. */
  readonly userName: string;
  readonly workspaceAccess: 'yes' | 'no' | 'unknown';
}

export interface SeatCluster {
  readonly id: string;
  readonly name: string;
  state: ClusterState;
  /** The person may attach, and restart it by connecting. */
  shared: boolean;
  /** It has once been seen to serve; see {@link Proof}. */
  verified: boolean;
  launchedAt: number;
  /** The launch option its specification has now; see {@link Seat.option}. */
  option: number;
  /** How long this launch took to RUNNING, milliseconds. */
  bootMs?: number;
  /** A listing has shown it running although it was going down. */
  doubted?: boolean;
  /** This run was begun by its owner, and ends when they leave it alone. */
  woken?: boolean;
}

/** What shows that somebody's cluster serves them. */
export interface Proof {
  /** Seen with their own eyes, by a job that ran as them; or only by the cluster's events, which tell that the init script succeeded. */
  readonly kind: 'attendee' | 'events';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ok: boolean;
  /** What was seen; for events, why there is no more. */
  readonly said: string;
  /** The first connection finds the CLI in its place, where the plan pins one. */
  readonly seeded?: boolean;
}

/** What became of files outside a person's work folder, which are on a disk that every stop erases. */
export interface Saved {
  /** `asleep`: the disk had been erased already. `unseen`: nothing could be run there. */
  readonly state: (typeof SAVED_STATES)[number] | 'asleep' | 'unseen';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly files: number;
  /** Of what was found, how many files were not taken. */
  readonly left?: number;
  /** The work folder itself was there. */
  readonly kept?: boolean;
  readonly said: string;
}

/** Everything known of one seat. Plain data: it travels in reports and through continue-as-new. */
export interface Seat {
  readonly key: string;
  readonly email: string;
  readonly role: Role;
  readonly generation: number;
  state: SeatState;
  target: Target;
  person?: Person;
  /** Pool, endpoint and volumes are open to the person, read back. */
  access: boolean;
  /** Whether the worker could let the person query the endpoint; some endpoints have no permissions of their own. */
  endpoint?: 'yes' | 'no' | 'without permissions';
  /** The pool it was opened with: one that is made later is opened too. */
  accessPool?: string;
  cluster?: SeatCluster;
  /** The cluster id that the last letter named; '' for a letter without a cluster. */
  letter?: string;
  diagnosis?: Diagnosis;
  /** Launches that came to nothing, or died, and what the last of them died of; kept when the seat is well again. */
  lost?: { readonly launches: number; readonly last: Diagnosis };
  /** Failures since the seat was last well. */
  failures: number;
  /** Epoch milliseconds before which a failed seat rests. */
  retryAt?: number;
  /** 0: as planned; n: the n-th fallback node type, outside the pool. */
  option: number;
  /** Epoch milliseconds when it first was ready. */
  readyAt?: number;
  /** Milliseconds that finished runs of its clusters were up, from launch to TERMINATED. */
  upMs: number;
  /** Clusters created for it so far. */
  clusters: number;
  /** Asked for awake: a stopped cluster is started, not left asleep. */
  wake: boolean;
  /** The last look at its cluster. */
  proof?: Proof;
  /** The last look at what is not in the person's work folder. */
  saved?: Saved;
  /** Epoch milliseconds: what was looked at earlier is to be looked at again. */
  due?: Due;
}

export interface Due {
  readonly check?: number | undefined;
  readonly save?: number | undefined;
}

/** What is wrong with a seat that is not well: also while it is tried again, when what its last launch died of still counts. */
export const troubleOf = ({
  diagnosis,
  failures,
  lost,
}: Pick<Seat, 'diagnosis' | 'failures' | 'lost'>): Diagnosis | undefined =>
  diagnosis ?? (failures > 0 ? lost?.last : undefined);

const seatSchema = z.looseObject({
  key: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  generation: z.number(),
  state: z.enum(SEAT_STATES),
  target: z.enum(TARGETS),
  access: z.boolean(),
  failures: z.number(),
  option: z.number(),
  upMs: z.number(),
  clusters: z.number(),
  wake: z.boolean(),
  cluster: z.looseObject({ id: z.string(), state: z.enum(CLUSTER_STATES), verified: z.boolean() }).optional(),
});

/** True for what a seat's report carries: a signal can be sent by anybody. */
export const isSeat = (said: unknown): boolean => seatSchema.safeParse(said).success;

/** What a seat does next. `rest` until something changes. */
export type Step =
  | 'find'
  | 'open'
  | 'write'
  | 'create'
  | 'share'
  | 'verify'
  | 'check'
  | 'save'
  | 'stop'
  | 'start'
  | 'rest'
  | 'leave';

export interface SeatRules {
  readonly preProvision: boolean;
  /** Policy, pool, script and canary are there: clusters may be created. */
  readonly mayCreate: boolean;
  /** No cluster can be made for now, and nobody knows when. */
  readonly held: boolean;
  readonly poolId?: string | undefined;
}

const atLeast = (target: Target, wanted: Target) => TARGETS.indexOf(target) >= TARGETS.indexOf(wanted);

/** A new seat, nothing done yet. */
export function newSeat(key: string, email: string, role: Role, generation: number): Seat {
  return {
    key,
    email,
    role,
    generation,
    state: 'enrolled',
    target: 'enrolled',
    access: false,
    failures: 0,
    option: 0,
    upMs: 0,
    clusters: 0,
    wake: false,
  };
}

/**
 * The reconciler's one decision: what is missing between this seat and its target, and comes first.
 * Late joiners, late starts, repair and resume are all this function.
 */
export function nextStep(seat: Seat, rules: SeatRules, now: number): Step {
  const { target, cluster } = seat;
  if (target === 'released') return 'leave';
  if (seat.state === 'failed' && (seat.retryAt === undefined || now < seat.retryAt))
    return letterIsDue(seat, rules) ? 'write' : isToSave(seat) ? 'save' : 'rest';
  if (!atLeast(target, 'invited')) return 'rest';
  if (!seat.person) return 'find';
  if (!seat.access || (rules.poolId !== undefined && seat.accessPool !== rules.poolId)) return 'open';
  if (atLeast(target, 'prepared') && rules.mayCreate) {
    if (!cluster || cluster.state === 'GONE') return 'create';
    if (!cluster.shared) return 'share';
    if (letterIsDue(seat, rules)) return 'write';
    if (cluster.state === 'RUNNING') {
      if (!cluster.verified) return 'verify';
      // One that was taken over from an earlier lifecycle was never looked at: it is when that is asked for.
      if (seat.proof ? !isProven(seat) : seat.due?.check !== undefined) return 'check';
      if (isToSave(seat)) return 'save';
      return isToPark(seat) ? 'stop' : 'rest';
    }
    if (isDown(cluster.state) && (!cluster.verified || (target === 'ready' && seat.wake))) return 'start';
    return 'rest';
  }
  return letterIsDue(seat, rules) ? 'write' : 'rest';
}

const isDue = (last: { readonly at: number } | undefined, since: number | undefined): boolean =>
  since !== undefined && (last === undefined || last.at < since);

/** What was begun to be seen is stopped again until the day; what its owner woke is theirs. */
export const isToPark = ({ target, role, cluster }: Seat): boolean =>
  target === 'prepared' && role === 'attendee' && cluster?.woken !== true;

/** True once the last look at the cluster found nothing wrong, and is as young as was asked for. */
export const isProven = ({ proof, due }: Seat): boolean => proof?.ok === true && !isDue(proof, due?.check);

/** True once what is not in the person's work folder was looked at since that was asked for. */
export const isLookedAfter = ({ saved, due }: Seat): boolean => saved !== undefined && !isDue(saved, due?.save);

/** Whoever has connected to a cluster may have made something on it, whether it serves or not. */
export const isToSave = (seat: Seat): boolean =>
  seat.cluster?.state === 'RUNNING' && seat.cluster.shared && seat.due?.save !== undefined && !isLookedAfter(seat);

/** A letter is due once, and again whenever it would name another cluster. It waits for the cluster only as long as one can be hoped for. */
function letterIsDue(seat: Seat, rules: SeatRules): boolean {
  if (!seat.person) return false;
  const shared = seat.cluster?.shared ? seat.cluster.id : '';
  if (seat.letter === undefined) return shared !== '' || !rules.preProvision || rules.held || seat.state === 'failed';
  return shared !== '' && seat.letter !== shared;
}

const isDown = (state: ClusterState) => state === 'TERMINATED' || state === 'ERROR';

/** The state a person is shown, from what is known. `failed` is decided by failing, not here. */
export function stateOf(seat: Seat): SeatState {
  const { cluster, target } = seat;
  if (target === 'released') return 'released';
  if (!cluster || cluster.state === 'GONE') return atLeast(target, 'prepared') ? 'waiting' : 'enrolled';
  if (isDown(cluster.state))
    return seat.wake && target === 'ready'
      ? 'starting'
      : target === 'ready'
        ? 'asleep'
        : cluster.verified
          ? 'parked'
          : 'creating';
  if (cluster.state === 'RUNNING') {
    // One that is about to be stopped is not parked yet: it still costs money.
    return cluster.verified && !isToPark(seat) ? 'ready' : 'verifying';
  }
  if (cluster.state === 'TERMINATING') return target === 'prepared' ? 'parked' : 'asleep';
  return cluster.verified ? 'starting' : 'creating';
}

/** Types of termination after which a cluster is merely stopped and can be started again (facts/databricks.md section 3). */
const isRestful = (news: ClusterNews) => news.terminationType === undefined || news.terminationType === 'SUCCESS';

/**
 * Takes in what a listing says. Returns true when the cluster died of something: a failure to diagnose.
 * Repeated news changes nothing, so a listing may be reported twice.
 */
export function takeNews(seat: Seat, news: ClusterNews, now: number): boolean {
  const cluster = seat.cluster;
  if (!cluster || cluster.id !== news.clusterId || cluster.state === news.state) return false;
  if (isStale(cluster, news)) return false;
  const before = cluster.state;
  // Signals may overtake each other: what is down goes down no more, and was not woken in between.
  if (isDown(before) && news.state === 'TERMINATING') return false;
  // A listing that began before the stop still shows it running; when the next one does so too, it is believed.
  if (before === 'TERMINATING' && news.state === 'RUNNING' && !cluster.doubted) {
    cluster.doubted = true;
    return false;
  }
  delete cluster.doubted;
  cluster.state = news.state;
  // Woken by its owner: this run began about now, not when the lifecycle last asked for one.
  if (isDown(before) && !isDown(news.state) && news.state !== 'GONE') {
    cluster.launchedAt = now;
    cluster.woken = true;
  }
  if (news.state === 'RUNNING' && before !== 'RUNNING') {
    cluster.bootMs = Math.max(0, now - cluster.launchedAt);
    if (seat.target === 'ready') seat.wake = false;
  }
  if (news.state === 'TERMINATED') {
    delete cluster.woken;
    // Since the last look somebody may have made something: of what was nowhere else nothing is left.
    if (seat.target === 'ready' && seat.saved?.state === 'nothing')
      seat.saved = {
        ...seat.saved,
        state: 'asleep',
        said: 'the cluster has stopped since; whatever was outside the work folder is gone',
      };
    seat.upMs += Math.max(0, (news.terminatedAt ?? now) - cluster.launchedAt);
    // Nobody has had it since it was asked for awake: the stop that ended it was on its way before.
    if (isRestful(news) && seat.target === 'ready' && seat.readyAt === undefined) seat.wake = true;
    return !isRestful(news);
  }
  return false;
}

/** What was seen on another cluster says nothing of a new one; what was saved from it is still there. */
export function forgetLooks(seat: Seat): void {
  delete seat.proof;
  if (seat.saved?.state !== 'saved') delete seat.saved;
}

/** An old listing still shows the end of the run before the one that was just launched. */
const isStale = (cluster: SeatCluster, news: ClusterNews) =>
  news.state === 'TERMINATED' && news.terminatedAt !== undefined && news.terminatedAt < cluster.launchedAt;

/** True while the seat's cluster costs money, as far as is known. */
export const isUp = (seat: Seat): boolean =>
  seat.cluster !== undefined && !isDown(seat.cluster.state) && seat.cluster.state !== 'GONE';

/** True while polling fast is worth it: something is on its way up or down. */
export const isMoving = (seat: Seat): boolean =>
  seat.cluster !== undefined && ['PENDING', 'RESTARTING', 'RESIZING', 'TERMINATING'].includes(seat.cluster.state);

/**
 * Takes in that the seat's own stop was heard. If it was wanted awake in the meantime, the stop came too late to be
 * right, and it is started again.
 */
export function takeStop(seat: Seat): void {
  if (!seat.cluster) return;
  seat.cluster.state = 'TERMINATING';
  if (seat.target !== 'ready') return;
  seat.wake = true;
  delete seat.readyAt;
}

/** Raises the target, never lowers it, and may ask for a stopped cluster to be woken. Being ready is then shown anew. */
export function raiseTo(seat: Seat, target: Target, wake: boolean, due: Due = {}): void {
  if (seat.target !== 'released' && atLeast(target, seat.target)) seat.target = target;
  if (due.check !== undefined || due.save !== undefined) seat.due = { ...seat.due, ...due };
  if (!wake || seat.target !== 'ready') return;
  delete seat.readyAt;
  seat.wake = seat.cluster?.state !== 'RUNNING';
}

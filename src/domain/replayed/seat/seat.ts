import { z } from 'zod';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { LearntLaunches } from '../time/learnt-launches.ts';
import type { Details } from './details.ts';
import { SAVED_STATES } from './job-report.ts';
import { SEAT_STATES, type SeatState } from './seat-states.ts';

/** What the lifecycle wants of a seat. Each includes the ones before it; `released` ends it. */
export const TARGETS = ['enrolled', 'invited', 'prepared', 'ready', 'released'] as const;
export type Target = (typeof TARGETS)[number];

/** True when a target includes the wanted one. */
export const atLeast = (target: Target, wanted: Target): boolean => TARGETS.indexOf(target) >= TARGETS.indexOf(wanted);

export { SEAT_STATES, type SeatState } from './seat-states.ts';

/** A tester who is not on the roster has a seat too, but is not counted among the attendees. */
export const ROLES = ['attendee', 'tester', 'guest tester'] as const;
export type Role = (typeof ROLES)[number];

/** Cluster states of docs/facts/databricks.md section 3; GONE means that no listing shows it any more. */
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
  /** Key of the seat it is tagged for, of a cluster that this seat does not know: a create whose answer was lost. */
  unknownTo: z.string().optional(),
  /** It was set aside, and runs on since before another was made for its seat: its stop has not taken. */
  setAside: z.boolean().optional(),
});
export type ClusterNews = Readonly<z.output<typeof clusterNewsSchema>>;

export interface Person {
  /** The workspace's own userName: it becomes single_user_name. */
  readonly userName: string;
  readonly workspaceAccess: 'yes' | 'no' | 'unknown';
  /** An address of the same user that has had a seat for longer: the cluster is there. */
  readonly sameAs?: string;
}

export interface SeatCluster {
  readonly id: string;
  readonly name: string;
  readonly state: ClusterState;
  /** The person may attach, and restart it by connecting. */
  readonly shared: boolean;
  /** It has once been seen to serve; see {@link Proof}. */
  readonly verified: boolean;
  readonly launchedAt: number;
  /**
   * When what it does now was first seen or asked for, if that was not its launch: a restart, a resize, a stop that was
   * not heard. Such a phase has a clock of its own, and teaches no boot time.
   */
  readonly phaseAt?: number;
  /** When its last run ended, by the workspace's clock: an old listing is known by it. */
  readonly endedAt?: number;
  /** The launch option its specification has now; see {@link Seat.option}. */
  readonly option: number;
  /** How long this launch took to RUNNING, milliseconds. */
  readonly bootMs?: number;
  /** A listing has shown it running although it was going down. */
  readonly doubted?: boolean;
  /** This run was begun by its owner, and ends when they leave it alone. */
  readonly woken?: boolean;
}

/** What shows that somebody's cluster serves them. */
export interface Proof {
  /**
   * Seen with their own eyes, by a job that ran as them; or only by the cluster's events, which tell that the init
   * script succeeded.
   */
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

/** What became of somebody's launches lately. */
export interface FailedLaunches {
  readonly inARow: number;
  /** Class and cause of the last one's diagnosis. */
  readonly class: string;
  readonly cause: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** There is no machine in the plan that it has not been tried on. */
  readonly onEveryMachine: boolean;
}

/** What is tried with a cluster that somebody wants mended, one after the other: the same one for as long as can be. */
export const REPAIR_STAGES = ['restart', 'other machine', 'new cluster'] as const;
export type RepairStage = (typeof REPAIR_STAGES)[number];

/** Somebody asked for a person's cluster to be mended, whatever it says of itself. */
export interface Repair {
  readonly stage: RepairStage;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What this stage takes away is gone; what comes up now is its outcome. */
  readonly begun: boolean;
}

/** Stands for the cluster in a letter that was written before there was one. */
export const NO_CLUSTER_NAMED = '';

/** Everything known of one seat. Plain data: it travels in reports and through continue-as-new. */
export interface Seat {
  readonly key: string;
  readonly email: string;
  readonly role: Role;
  readonly details?: Details | undefined;
  readonly generation: number;
  readonly state: SeatState;
  readonly target: Target;
  readonly person?: Person;
  /** Pool, endpoint and volumes are open to the person, read back. */
  readonly access: boolean;
  /** Whether the worker could let the person query the endpoint; some endpoints have no permissions of their own. */
  readonly endpoint?: 'yes' | 'no' | 'without permissions';
  /** Privileges that the person did not hold before they were granted, as openAccess notes them. */
  readonly granted?: readonly string[];
  /** The pool it was opened with: one that is made later is opened too. */
  readonly accessPool?: string;
  readonly cluster?: SeatCluster;
  /** The cluster id that the last letter named, or {@link NO_CLUSTER_NAMED}. */
  readonly letter?: string;
  /** The start that their last letter named, epoch milliseconds. */
  readonly letterStart?: number;
  /** Why the last letter could not be written, and until when it is not tried again, epoch milliseconds. */
  readonly letterTrouble?: { readonly cause: string; readonly toDo: string; readonly retryAt: number };
  /** The person is to be looked up again: somebody may have deactivated them since. */
  readonly lookUpAgain?: true;
  readonly diagnosis?: Diagnosis;
  /** Launches that came to nothing, or died, and what the last of them died of; kept when the seat is well again. */
  readonly lost?: { readonly launches: number; readonly last: Diagnosis };
  /** Launches in a row that were refused, died or came up and did not serve; forgotten when one does. */
  readonly failedLaunches?: FailedLaunches;
  /** The last launch that came up and serves: when it was asked for, and when that was seen, epoch milliseconds. */
  readonly cameUp?: { readonly launchedAt: number; readonly at: number };
  /** Failures since the seat was last well. */
  readonly failures: number;
  /** Epoch milliseconds before which a failed seat rests. */
  readonly retryAt?: number;
  /** What it is launched on (machine-for.ts): 0 as planned; after the last option comes the first again. */
  readonly option: number;
  /** Epoch milliseconds when it first was ready. */
  readonly readyAt?: number;
  /** What the worker knew of the workspace's limit on launches when it had last launched its cluster. */
  readonly launches?: LearntLaunches;
  /** Milliseconds that finished runs of its clusters were up, from launch to TERMINATED. */
  readonly upMs: number;
  /** Clusters created for it so far. */
  readonly clusters: number;
  readonly repair?: Repair;
  /** Clusters of theirs that were replaced: stopped, kept for a look, removed with everything else. */
  readonly setAside?: readonly string[];
  /** The person takes part no longer: who said so and when, and why their cluster is still there, if it is. */
  readonly takenOut?: { readonly by: string; readonly at: number; readonly left?: string };
  /** Of an event of several workspaces, put beside it by whoever asked: in which it is, and its workshop. */
  readonly isIn?: { readonly name: string; readonly workspace: string; readonly id: string };
  /** How often its workflow was ended from outside, and started again. */
  readonly startedAgain?: number;
  /** Its workflow does not go on, as its cohort saw: until its next report. */
  readonly stuck?: boolean;
  /** Asked for awake: a stopped cluster is started, not left asleep. */
  readonly wake: boolean;
  /** The last look at its cluster. */
  readonly proof?: Proof;
  /** The last look at what is not in the person's work folder. */
  readonly saved?: Saved;
  /** Epoch milliseconds: what was looked at earlier is to be looked at again. */
  readonly due?: Due;
}

export interface Due {
  readonly check?: number | undefined;
  readonly save?: number | undefined;
}

/**
 * What is wrong with a seat that is not well: also while it is tried again, when what its last launch died of still
 * counts.
 */
export const whatIsWrong = ({
  diagnosis,
  failures,
  lost,
}: Pick<Seat, 'diagnosis' | 'failures' | 'lost'>): Diagnosis | undefined =>
  diagnosis ?? (failures > 0 ? lost?.last : undefined);

/** A second address of somebody who has a seat already is nobody else. */
export const isTwin = ({ person }: Pick<Seat, 'person'>): boolean => person?.sameAs !== undefined;
/** Neither somebody's second address, nor somebody who was removed. */
export const takesPart = (seat: Pick<Seat, 'person' | 'takenOut'>): boolean => !isTwin(seat) && !seat.takenOut;
/** Testers who are not on the roster have seats, and are no attendees. */
export const isAttendee = (seat: Pick<Seat, 'role' | 'person' | 'takenOut'>): boolean =>
  seat.role !== 'guest tester' && takesPart(seat);

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
export const isSeat = (value: unknown): boolean => z.safeParse(seatSchema, value).success;

/** A new seat, nothing done yet. */
export function newSeat(key: string, email: string, role: Role, generation: number, details?: Details): Seat {
  return {
    key,
    email,
    role,
    ...(details === undefined ? {} : { details }),
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

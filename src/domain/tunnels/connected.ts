import { isAttendee, whatIsWrong, type Seat } from '../replayed/seat/seat.ts';
import type { Timeline } from '../replayed/time/timeline.ts';
import type { Tunnel } from './tunnels.ts';

/** A cluster as the workspace lists it. */
export interface ListedCluster {
  readonly state: string;
  /** When its present run was asked for, epoch milliseconds. */
  readonly startedAt?: number | undefined;
  /** Why it ended, if that was no ordinary end. */
  readonly failure?: string | undefined;
}

/** `starting`: on its way, or not made yet. `ready`: it runs, and no laptop is connected to it. */
export const CONNECTIONS = ['connected', 'ready', 'starting', 'asleep', 'broken'] as const;
export type Connection = (typeof CONNECTIONS)[number];

/** How one person stands. Instants in epoch milliseconds. */
export interface PersonConnected {
  readonly email: string;
  readonly name?: string | undefined;
  readonly table?: string | undefined;
  readonly cluster?: string;
  readonly state: Connection;
  /** Connected since then. */
  readonly since?: number;
  /** Not connected now; the last connection of this day was given up a few minutes before. */
  readonly until?: number;
  /** Of a broken one. */
  readonly cause?: string;
  readonly toDo?: string;
}

/** What the workspace shows at one moment. */
export interface Listings {
  readonly clusters: ReadonlyMap<string, ListedCluster>;
  readonly tunnels: ReadonlyMap<string, readonly Tunnel[]>;
}

/**
 * Every attendee, in the order of their addresses.
 * @param timeline connections before its day do not count as today's
 */
export function whoIsConnected(
  seats: readonly Seat[],
  listings: Listings,
  timeline: Pick<Timeline, 'dayOf'>,
  now: number,
): PersonConnected[] {
  const from = now >= timeline.dayOf ? timeline.dayOf : 0;
  return seats
    .filter(isAttendee)
    .toSorted((a, b) => (a.email < b.email ? -1 : 1))
    .map((seat) => {
      const { email, details = {}, cluster } = seat;
      const tunnels = listings.tunnels.get(cluster?.id ?? '') ?? [];
      const standing = standingOf(seat, listings.clusters.get(cluster?.id ?? ''), tunnels);
      const last = standing.state === 'connected' ? undefined : tunnels.find(({ state }) => state === 'over');
      return {
        email,
        name: details.name,
        table: details.table,
        ...(cluster ? { cluster: cluster.id } : {}),
        ...standing,
        ...(last?.state === 'over' && last.endedAt >= from ? { until: last.endedAt } : {}),
      };
    });
}

/** The room's list: whoever was not connected at all today. */
export const notConnectedYet = (people: readonly PersonConnected[]): PersonConnected[] =>
  people.filter(({ state, until }) => state !== 'connected' && until === undefined);

type Standing = Pick<PersonConnected, 'state' | 'since' | 'cause' | 'toDo'>;

/** Whoever works, works, whatever else is said of their cluster. */
function standingOf(seat: Seat, listed: ListedCluster | undefined, [newest]: readonly Tunnel[]): Standing {
  const isUp = listed?.state === 'RUNNING' || listed?.state === 'RESIZING';
  if (isUp && newest?.state === 'open') return { state: 'connected', since: newest.beganAt };
  const wrong = whatIsWrong(seat);
  if (seat.state === 'failed' && wrong) return { state: 'broken', cause: wrong.cause, toDo: wrong.toDo };
  if (seat.cluster === undefined) return { state: 'starting' };
  if (listed === undefined)
    return { state: 'broken', cause: 'The workspace does not list the cluster.', toDo: MADE_ANEW };
  if (isUp) return newest?.state === 'failed' && newest.beganAt >= (listed.startedAt ?? 0) ? refused(newest) : READY;
  if (['PENDING', 'RESTARTING'].includes(listed.state)) return { state: 'starting' };
  if (['TERMINATED', 'TERMINATING'].includes(listed.state) && listed.failure === undefined) return { state: 'asleep' };
  return {
    state: 'broken',
    cause: `The cluster is ${listed.state}: ${listed.failure ?? 'no reason given'}.`,
    toDo: RETRIED,
  };
}

const READY: Standing = { state: 'ready' };
const MADE_ANEW = 'Wait a minute: it is made anew by itself. If not, see what "bin/workshop why" says.';
const RETRIED = 'It is repaired by itself as soon as it is noticed. See what "bin/workshop why" says.';

/** The laptop got as far as the cluster, and the server did not come up there. */
const refused = ({ said }: { readonly said: string }): Standing => ({
  state: 'broken',
  cause: `The cluster runs, and its SSH server failed${said === '' ? '.' : `: ${said}`}`,
  toDo: 'Have them connect again; if it fails again, look at the run "ssh-server-bootstrap-…" in the workspace.',
});

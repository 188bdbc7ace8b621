import { isDown } from './seat-state.ts';
import type { ClusterNews, ClusterState, Seat, SeatCluster } from './seat.ts';

/** A seat after a listing was read, and whether its cluster died of something: a failure to diagnose. */
export interface Heard {
  readonly seat: Seat;
  readonly died: boolean;
}

/**
 * Takes in what a listing says of the seat's cluster. Repeated news changes nothing, so a listing may be reported
 * twice.
 * @param now epoch milliseconds
 */
export function hearNews(seat: Seat, news: ClusterNews, now: number): Heard {
  const known = seat.cluster;
  if (!known || known.id !== news.clusterId || known.state === news.state) return { seat, died: false };
  if (isStale(known, news)) return { seat, died: false };
  // Signals may overtake each other: what is down goes down no more, and was not woken in between.
  if (isDown(known.state) && news.state === 'TERMINATING') return { seat, died: false };
  // A listing that began before the stop still shows it up; when the next one does so too, it is believed.
  if (known.state === 'TERMINATING' && isUpOrComing(news.state) && !known.doubted) {
    return { seat: { ...seat, cluster: { ...known, doubted: true } }, died: false };
  }
  const { doubted: _, ...believed } = known;
  const cluster: SeatCluster = { ...believed, state: news.state };
  if (isNewRun(known.state, news.state)) return wokenByOwner(withRunEnded(seat, known, now), cluster, now);
  if (news.state === 'RUNNING') return { seat: isUpNow(seat, cluster, now), died: false };
  if (news.state === 'TERMINATED') return stopped(seat, cluster, news, now);
  // Whoever restarts or resizes a cluster that runs begins a phase of its own: it is not late from the first moment.
  if (isComing(news.state)) return { seat: { ...seat, cluster: { ...cluster, phaseAt: now } }, died: false };
  return { seat: { ...seat, cluster }, died: false };
}

const isComing = (state: ClusterState): boolean => ['PENDING', 'RESTARTING', 'RESIZING'].includes(state);
const isUpOrComing = (state: ClusterState): boolean => state === 'RUNNING' || isComing(state);

/** It was down, or about to be, and is up again without the seat's doing. */
const isNewRun = (before: ClusterState, after: ClusterState): boolean =>
  (isDown(before) || before === 'TERMINATING') && isUpOrComing(after);

/** Nobody saw the end of the run before: a restart followed it too soon. */
const withRunEnded = (seat: Seat, { state, launchedAt }: SeatCluster, now: number): Seat =>
  isDown(state) ? seat : { ...seat, upMs: seat.upMs + Math.max(0, now - launchedAt) };

/** This run began about now, not when the lifecycle last asked for one. */
function wokenByOwner(seat: Seat, cluster: SeatCluster, now: number): Heard {
  const { phaseAt: _, ...rest } = cluster;
  const woken = { ...rest, launchedAt: now, woken: true };
  const is: Seat = { ...seat, cluster: woken };
  return { seat: woken.state === 'RUNNING' ? isUpNow(is, woken, now) : is, died: false };
}

/** A launch came up, and serves: what failed before it counts no longer. */
export function withCameUp(seat: Seat, cameUp: NonNullable<Seat['cameUp']>): Seat {
  const { failedLaunches: _, ...well } = seat;
  return { ...well, cameUp };
}

function isUpNow(seat: Seat, { phaseAt, ...cluster }: SeatCluster, now: number): Seat {
  // How long a restart took tells nothing of how long a launch takes.
  const bootMs = phaseAt === undefined ? { bootMs: Math.max(0, now - cluster.launchedAt) } : {};
  const cameUp = { launchedAt: cluster.launchedAt, at: now };
  // One that was never looked at may run and serve nobody: that is seen later. A restart is no launch.
  const is = cluster.verified && phaseAt === undefined ? withCameUp(seat, cameUp) : seat;
  return { ...is, cluster: { ...cluster, ...bootMs }, ...(seat.target === 'ready' ? { wake: false } : {}) };
}

function stopped(seat: Seat, cluster: SeatCluster, news: ClusterNews, now: number): Heard {
  const { woken: _, phaseAt: __, ...asleep } = cluster;
  const restful = isRestful(news);
  return {
    seat: {
      ...seat,
      cluster: { ...asleep, ...(news.terminatedAt === undefined ? {} : { endedAt: news.terminatedAt }) },
      ...(hadNothingToSave(seat) ? { saved: goneSince(seat) } : {}),
      upMs: seat.upMs + Math.max(0, (news.terminatedAt ?? now) - cluster.launchedAt),
      // Nobody has had it since it was asked for awake: the stop that ended it was on its way before.
      ...(restful && seat.target === 'ready' && seat.readyAt === undefined ? { wake: true } : {}),
    },
    died: !restful,
  };
}

/** Since the last look somebody may have made something: of what was nowhere else nothing is left. */
const hadNothingToSave = (seat: Seat): boolean => seat.target === 'ready' && seat.saved?.state === 'nothing';

const goneSince = (seat: Seat) => ({
  at: 0,
  files: 0,
  ...seat.saved,
  state: 'asleep' as const,
  said: 'the cluster has stopped since; whatever was outside the work folder is gone',
});

/**
 * Types of termination after which a cluster is merely stopped and can be started again
 * (docs/facts/databricks.md section 3).
 */
const isRestful = (news: ClusterNews) => news.terminationType === undefined || news.terminationType === 'SUCCESS';

/**
 * An old listing still shows the end of the run before the one that was just launched: an end that is known already.
 * The workspace's times are compared with each other only, since our clock may be minutes apart from its; and after
 * the seat's own stop whatever is down is believed to be.
 */
const isStale = ({ state, endedAt }: SeatCluster, news: ClusterNews) =>
  news.state === 'TERMINATED' &&
  state !== 'TERMINATING' &&
  news.terminatedAt !== undefined &&
  endedAt !== undefined &&
  news.terminatedAt <= endedAt;

/** The cohort's copy of a seat, once news was passed on: unsaid, the next listing would be told again. */
export const asListed = (seat: Seat, state: ClusterState): Seat =>
  seat.cluster ? { ...seat, cluster: { ...seat.cluster, state } } : seat;

import { SECOND, MINUTE } from './units.ts';
/** Every timeout, poll, heartbeat and period of a lifecycle, in milliseconds: a fast clock scales them together. */
export interface Pace {
  /** How many times faster than a real workshop this one lives; 1 outside rehearsals and tests. */
  readonly speed: number;
  /** One HTTP call to the workspace, as an activity attempt. */
  readonly call: number;
  /** The longest attempt to create a cluster; the proof waits longer than this. */
  readonly createCall: number;
  /** A whole step, attempts and pauses together, before its item or seat is called failed. */
  readonly step: number;
  /** How long a cluster may take from its launch to RUNNING before it counts as hung. */
  readonly launch: number;
  /** How long a job on somebody's cluster may take. */
  readonly job: number;
  /** Between two roll calls of the workflows that should be running: in the weeks before, and from the day on. */
  readonly rollCall: number;
  readonly rollCallOnTheDay: number;
  /** Between two looks at the jobs that run. */
  readonly watchJobs: number;
  /** Everybody's cluster is looked at once more this long before the start. */
  readonly lastChecks: number;
  /** Clusters are launched at least this long before the start. */
  readonly leastLead: number;
  /** How long the pool may take to fill. */
  readonly poolFill: number;
  readonly heartbeat: number;
  readonly watchMoving: number;
  /** While clusters run and nothing moves: so long somebody may be called ready whose cluster is gone. */
  readonly watchQuiet: number;
  /** Between two probes of the model while people work: a refusal is shown within a minute. */
  readonly watchModel: number;
  /** While every cluster is stopped: it costs nothing, and its owner may still wake it. */
  readonly watchAsleep: number;
  /** Pause between polls inside an activity that waits for a pool or a removal. */
  readonly poll: number;
  /** How long a workspace listing may lag behind what was done. */
  readonly listStaleness: number;
  /** A failed item or seat is tried again this often without being asked. */
  readonly recheck: number;
  /** What fails again and again and costs nothing is tried at least this often, before the event. */
  readonly longestRetry: number;
  /** While the event is on, nobody's seat waits longer than this for its next try. */
  readonly eventRetry: number;
  /** A sign-off asked for late still gets this long before it turns red. */
  readonly signOff: number;
  /** An open sign-off is asked for again this often. */
  readonly reminder: number;
  /**
   * How long seats may take to finish what they are doing once everybody is told to close, and to save people's work.
   */
  readonly closing: number;
  /** What was saved so shortly before somebody leaves is not saved once more. */
  readonly savedFor: number;
  /** The two empty listings of the proof are at least this far apart. */
  readonly proofGap: number;
  readonly retryFirst: number;
  readonly retryMost: number;
  /** The reaper's period. */
  readonly reaper: number;
  /** Events of history after which a workflow continues as new. */
  readonly historyEvents: number;
  /**
   * Events of history from which on a turned page of the guide lets cohorts and attendees continue as new: from the
   * first, outside tests of a server that cannot take it.
   */
  readonly pageEvents: number;
  /**
   * A run of a cohort or an attendee is to be this old before a turned page lets it continue as new: pages that follow
   * each other at once cost nothing.
   */
  readonly pageAge: number;
  /** Totals travel from cohort to lifecycle at most this often. */
  readonly totals: number;
}

/** A computer may be slower than this: it looks no more rarely at what others wait for. */
const SLOWEST_LOOK = 3;

/**
 * The pace of a workshop that lives `speed` times faster than the calendar.
 * Floors keep a fast clock honest on a slow machine: a real HTTP call needs its time however fast the story goes.
 * @param slowness how many times slower than it could be the computer is on which all of it runs: floors rise with it
 */
export function paceAt(speed: number, slowness = 1): Pace {
  if (!(speed >= 1)) throw new RangeError(`speed ${speed} is not a number from 1 up`);
  const scaled = (ms: number, floor: number) =>
    Math.max(Math.round(ms / speed), Math.min(ms, Math.round(floor * slowness)));
  const looked = (ms: number, floor: number) =>
    Math.max(Math.round(ms / speed), Math.min(ms, Math.round(floor * Math.min(slowness, SLOWEST_LOOK))));
  const createCall = scaled(MINUTE, 5 * SECOND);
  const listStaleness = scaled(30 * SECOND, 500);
  return {
    speed,
    call: scaled(MINUTE, 15 * SECOND),
    createCall,
    step: scaled(10 * MINUTE, 30 * SECOND),
    launch: scaled(30 * MINUTE, 60 * SECOND),
    job: scaled(12 * MINUTE, 60 * SECOND),
    // One look serves everybody who waits, and a job holds its place for as long as nobody looks.
    watchJobs: looked(10 * SECOND, 700),
    lastChecks: scaled(15 * MINUTE, 15 * SECOND),
    leastLead: scaled(15 * MINUTE, 25 * SECOND),
    poolFill: scaled(20 * MINUTE, 20 * SECOND),
    heartbeat: scaled(30 * SECOND, 10 * SECOND),
    watchMoving: scaled(7 * SECOND, 700),
    watchQuiet: scaled(30 * SECOND, 2 * SECOND),
    watchModel: scaled(45 * SECOND, 2 * SECOND),
    watchAsleep: scaled(30 * MINUTE, 5 * SECOND),
    poll: looked(10 * SECOND, 500),
    listStaleness,
    recheck: scaled(5 * MINUTE, 5 * SECOND),
    longestRetry: scaled(2 * 60 * MINUTE, 10 * SECOND),
    eventRetry: scaled(2 * MINUTE, 5 * SECOND),
    signOff: scaled(15 * MINUTE, 5 * SECOND),
    reminder: scaled(24 * 60 * MINUTE, 30 * SECOND),
    closing: scaled(20 * MINUTE, 180 * SECOND),
    // In a crowd each waits for all others: of twice as many, twice as long, on a computer that takes twice as long.
    savedFor: scaled(10 * MINUTE, 15 * SECOND * slowness),
    proofGap: Math.max(scaled(MINUTE, SECOND), createCall + listStaleness + 1),
    retryFirst: scaled(2 * SECOND, 200),
    retryMost: scaled(MINUTE, 2 * SECOND),
    rollCall: scaled(60 * MINUTE, 20 * SECOND),
    rollCallOnTheDay: scaled(5 * MINUTE, 10 * SECOND),
    reaper: scaled(60 * MINUTE, 60 * SECOND),
    historyEvents: 8_000,
    pageEvents: 1,
    pageAge: scaled(12 * 60 * MINUTE, (12 * 60 * MINUTE) / speed),
    totals: scaled(10 * SECOND, 1_000),
  };
}

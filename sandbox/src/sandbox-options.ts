import type { Refusable } from './serving/messages/strictness.ts';
import type { LaunchRate } from './clusters/fleet/launch-bucket.ts';
import type { FaultInput } from './faults/fault.ts';
import type { Nodes } from './nodes/nodes.ts';

/** What may be said about a sandbox that is to be started. */
export interface SandboxOptions {
  /** 0, the default, takes any free port; a kept state prefers the one it began on. */
  readonly port?: number;
  /**
   * How many times faster than a real workspace nodes are acquired, boot and stop, and the launch rate refills.
   * Default 1.
   */
  readonly speed?: number;
  /** The same for auto-termination, which waits for people. Default 1. */
  readonly idleSpeed?: number;
  /** Email addresses that exist as active users. */
  readonly people?: readonly string[];
  /** Boot times are drawn from it; the same seed gives the same times. */
  readonly seed?: string;
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
  /** How many nodes may be launched at once and per (unscaled) second. Default 200 and 1. */
  readonly launch?: LaunchRate;
  /**
   * For each serving endpoint that the workspace comes with, everybody together, in unscaled time. Default a hundred
   * million.
   */
  readonly inputTokensPerMinute?: number;
  /** The same for output, where max_tokens is reserved in advance. Default ten million. */
  readonly outputTokensPerMinute?: number;
  /** The same for queries. Default a million. */
  readonly queriesPerHour?: number;
  /** How fast an answer is streamed, before `speed`. Default 80. */
  readonly outputTokensPerSecond?: number;
  /** How many apps there may be at a time, whatever their state. Default 100, as in a real workspace. */
  readonly mostApps?: number;
  /** How many of them somebody else has made before anybody comes: they run, and stay. Default 0. */
  readonly strangersApps?: number;
  /**
   * What one app too many is refused with; what a real workspace says is not known. Default 400 QUOTA_EXCEEDED.
   * RESOURCE_EXHAUSTED makes the command line try for five minutes (docs/facts/apps-clients.md section 5).
   */
  readonly appsRefusal?: { readonly status: number; readonly errorCode: string };
  /** What the serving endpoints refuse of what Claude Code sends. */
  readonly messagesRefuse?: readonly Refusable[];
  /**
   * The status of a token that has expired; a real workspace was seen with each of the three
   * (docs/facts/claude-on-databricks.md section 4). Default 403, with "Invalid Token".
   */
  readonly expiredTokenStatus?: 400 | 401 | 403;
  /**
   * Whether everybody may make a machine of their own under the policy Personal Compute, as they may in a workspace
   * where nobody switched that off. Default true.
   */
  readonly personalCompute?: boolean;
  readonly adminUserName?: string;
  /** What is to go wrong; a kept state keeps it. */
  readonly faults?: readonly FaultInput[];
  /**
   * The machines behind the clusters, and whether the code of apps runs; they exist in the books only without it.
   */
  readonly nodes?: Nodes;
  /** A folder of packages for pip, for apps whose code runs: they reach no network. They find none without it. */
  readonly appPackages?: string;
  /**
   * A folder that outlives the sandbox: started on it again, it goes on where it was. It then has the settings it
   * began with; only people may be added. A temporary folder without it.
   */
  readonly state?: string;
}

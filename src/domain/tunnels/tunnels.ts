/** What `databricks ssh` calls the run of its server on a cluster (docs/facts/ssh-and-claude.md section 2.8). */
const RUN_NAME = /^ssh-server-bootstrap-(.+)$/;

/** A run is ended by itself after a day (docs/facts/ssh-and-claude.md section 2.8): none that goes on is older. */
export const LONGEST_TUNNEL_MS = 24 * 3_600_000;

/** A run as the workspace lists it, as far as it tells of a tunnel. Instants in epoch milliseconds. */
export interface ListedRun {
  readonly run_name?: string | undefined;
  readonly start_time?: number | undefined;
  /** 0 while it goes on. */
  readonly end_time?: number | undefined;
  readonly state?:
    | {
        readonly life_cycle_state?: string | undefined;
        readonly result_state?: string | undefined;
        readonly state_message?: string | undefined;
      }
    | undefined;
}

/**
 * The SSH server on somebody's cluster. It begins with their first connection and ends some minutes after their last
 * one is gone, ten unless they ask for more (docs/facts/databricks.md section 5). Epoch milliseconds.
 */
export type Tunnel = { readonly beganAt: number } & (
  | { readonly state: 'coming' | 'open' }
  | { readonly state: 'over'; readonly endedAt: number }
  | { readonly state: 'failed'; readonly endedAt: number; readonly said: string }
);

/** Cluster id → its tunnels, the newest first. */
export function tunnelsOf(runs: Iterable<ListedRun>): ReadonlyMap<string, readonly Tunnel[]> {
  const tunnels = new Map<string, Tunnel[]>();
  for (const run of runs) {
    const [, clusterId] = RUN_NAME.exec(run.run_name ?? '') ?? [];
    if (clusterId !== undefined) tunnels.set(clusterId, [...(tunnels.get(clusterId) ?? []), tunnelOf(run)]);
  }
  for (const ofOne of tunnels.values()) ofOne.sort((a, b) => b.beganAt - a.beganAt);
  return tunnels;
}

function tunnelOf({ start_time: beganAt = 0, end_time: endTime, state }: ListedRun): Tunnel {
  const { life_cycle_state: life = '', result_state: result, state_message: said = '' } = state ?? {};
  if (life === 'RUNNING') return { state: 'open', beganAt };
  if (!['TERMINATED', 'TERMINATING', 'SKIPPED', 'INTERNAL_ERROR'].includes(life)) return { state: 'coming', beganAt };
  const endedAt = endTime === undefined || endTime === 0 ? beganAt : endTime;
  const isFailed = life === 'INTERNAL_ERROR' || result === 'FAILED';
  return isFailed ? { state: 'failed', beganAt, endedAt, said } : { state: 'over', beganAt, endedAt };
}

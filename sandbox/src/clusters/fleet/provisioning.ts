import type { Cluster } from '../cluster-model.ts';
import type { LaunchBucket } from './launch-bucket.ts';

export interface Provisioning {
  /** From the first create of the chosen clusters to the last that came to run for the first time. */
  readonly seconds: number;
  /** The same, had every create been asked for at that first moment: only boot times and the launch rate count. */
  readonly limitSeconds: number;
  /** How many of the chosen clusters ever ran; the others count in neither figure. */
  readonly clusters: number;
}

/**
 * Measures clusters against the fastest that this workspace could have brought them up. Seconds of the sandbox's own,
 * sped-up time.
 */
export function provisioning(chosen: readonly Cluster[], bucket: Pick<LaunchBucket, 'burst' | 'perMs'>): Provisioning {
  const ran = chosen
    .flatMap((cluster) => {
      const launch = cluster.launches.find((one) => one.runningAt !== undefined);
      return launch?.runningAt === undefined
        ? []
        : [
            {
              createdAt: cluster.createdAt,
              nodes: launch.nodes,
              bootMs: launch.runningAt - launch.at,
              runningAt: launch.runningAt,
              tokens: cluster.launches[0]?.tokensBefore ?? 0,
            },
          ];
    })
    .sort((a, b) => a.createdAt - b.createdAt);
  const first = ran[0];
  if (!first) return { seconds: 0, limitSeconds: 0, clusters: 0 };

  let lastRunning = 0;
  let limit = 0;
  let wanted = 0;
  for (const { nodes, bootMs, runningAt } of ran) {
    wanted += nodes;
    const launchAfter = Math.max(0, (wanted - first.tokens) / bucket.perMs);
    limit = Math.max(limit, launchAfter + bootMs);
    lastRunning = Math.max(lastRunning, runningAt);
  }
  return { seconds: (lastRunning - first.createdAt) / 1_000, limitSeconds: limit / 1_000, clusters: ran.length };
}

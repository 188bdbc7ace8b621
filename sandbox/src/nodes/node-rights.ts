import type { Cluster } from '../clusters/cluster-model.ts';
import type { Principal } from '../identity/principals.ts';
import type { Context } from './machine/python-program.ts';
import type { NodesWorld } from './nodes-world.ts';

/** A token for work on a node lives as long as a run may. */
const TOKEN_MS = 24 * 3_600_000;

/**
 * What work on a node knows of the workspace, with a token that is good until `end` is called, or for as long as a
 * run may last.
 */
export function workContext(workspace: NodesWorld, cluster: Cluster, runAs: Principal): Context & { end(): void } {
  const now = workspace.advance();
  const { value, token } = workspace.tokens.mint(runAs, now, {
    kind: 'work',
    comment: `work on cluster ${cluster.id}`,
    expiresAt: now + TOKEN_MS,
  });
  return {
    host: workspace.url(),
    token: value,
    clusterId: cluster.id,
    workspaceId: workspace.id,
    end: () => workspace.tokens.revoke(token),
  };
}

/**
 * The cluster's spark_env_vars, with those secrets that both who made it and who changed it last may read
 * (docs/facts/databricks.md section 6).
 * @throws {Error} when one may not be read.
 */
export function ownVariables(
  { secretScopes }: Pick<NodesWorld, 'secretScopes'>,
  cluster: Cluster,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(cluster.spec.spark_env_vars ?? {}).map(([name, value]) => {
      secretScopes.resolve(cluster.configuredBy, value);
      return [name, secretScopes.resolve(cluster.creator, value)];
    }),
  );
}

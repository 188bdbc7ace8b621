import type { Securables } from '../catalog/securables.ts';
import type { ClusterFleet } from '../clusters/fleet/cluster-fleet.ts';
import type { InitScriptWorld } from '../clusters/fleet/init-scripts.ts';
import type { Home } from '../home.ts';
import type { Tokens } from '../identity/tokens.ts';
import type { SecretScopes } from '../secrets/secret-scopes.ts';

/** What the machines behind the clusters need of the workspace. */
export interface NodesWorld extends InitScriptWorld {
  readonly clusters: ClusterFleet;
  readonly home: Home;
  readonly id: string;
  readonly securables: Securables;
  readonly secretScopes: SecretScopes;
  readonly tokens: Tokens;
  /** The sandbox's own time, with everything done that was due by then. */
  advance(): number;
  /** Something happened outside of requests and the clock that is to outlive a restart. */
  changed(): void;
  /** Where the workspace listens. */
  url(): string;
}

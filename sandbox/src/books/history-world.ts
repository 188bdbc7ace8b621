import type { Securables } from '../catalog/securables.ts';
import type { VolumeFiles } from '../catalog/volume-files.ts';
import type { Principal, Principals } from '../identity/principals.ts';
import type { Tokens } from '../identity/tokens.ts';
import type { Policies } from '../policies/cluster-policies.ts';
import type { SecretScopes } from '../secrets/secret-scopes.ts';

/** What the books look at to see what there is. */
export interface HistoryWorld {
  readonly admin: Principal;
  readonly policies: Policies;
  readonly principals: Principals;
  readonly secretScopes: SecretScopes;
  readonly securables: Securables;
  readonly tokens: Tokens;
  readonly volumeFiles: VolumeFiles;
  /** The sandbox's own time, with everything done that was due by then. */
  advance(): number;
}

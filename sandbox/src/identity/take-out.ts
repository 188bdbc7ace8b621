import type { Securables } from '../catalog/securables.ts';
import type { SecretScopes } from '../secrets/secret-scopes.ts';
import type { Permissions } from './permissions.ts';
import type { Principal, Principals } from './principals.ts';
import type { ClientSecrets } from './sign-in/client-secrets.ts';
import type { Tokens } from './tokens.ts';

/** Where something of somebody's is kept. */
interface Traces {
  readonly principals: Principals;
  readonly tokens: Tokens;
  readonly clientSecrets: ClientSecrets;
  readonly permissions: Permissions;
  readonly securables: Securables;
  readonly secretScopes: SecretScopes;
}

/** Takes somebody out of the workspace: their tokens, secrets and grants go with them. A second time does nothing. */
export function takeOut(traces: Traces, principal: Principal): void {
  traces.principals.remove(principal);
  traces.tokens.revokeAllOf(principal);
  traces.clientSecrets.revokeAllOf(principal);
  traces.permissions.forgetHolder(principal.id);
  traces.securables.forgetGrantee(principal.userName);
  traces.secretScopes.forgetPrincipal(principal.userName);
}

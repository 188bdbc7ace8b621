import type { Permissions } from './permissions.ts';
import type { Principals } from './principals.ts';

/** What decides who may do what: the people with their groups, and what was granted to them. */
export interface Rights {
  readonly principals: Principals;
  readonly permissions: Permissions;
}

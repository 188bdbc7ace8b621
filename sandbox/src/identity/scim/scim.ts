import type { Route } from '../../http/router.ts';
import type { Workspace } from '../../workspace.ts';
import { groupRoutes } from './scim-groups.ts';
import { servicePrincipalRoutes } from './scim-service-principals.ts';
import { userRoutes } from './scim-users.ts';

/** The identities of the workspace, in the shape of SCIM (docs/facts/databricks-workspace.md section 10). */
export const scimRoutes = (workspace: Workspace): Route[] => [
  ...userRoutes(workspace),
  ...groupRoutes(workspace),
  ...servicePrincipalRoutes(workspace),
];

import { appDeploymentRoutes } from './apps/app-deployment-routes.ts';
import { appRoutes } from './apps/app-routes.ts';
import { clientSecretRoutes } from './identity/sign-in/client-secret-routes.ts';
import { clusterPolicyRoutes } from './policies/cluster-policy-routes.ts';
import { clusterRoutes } from './clusters/cluster-routes.ts';
import { driverProxyRoutes } from './nodes/driver-proxy.ts';
import { fileRoutes } from './catalog/files.ts';
import { grantRoutes } from './catalog/grants.ts';
import { importRoutes } from './workspace-files/import-routes.ts';
import { instancePoolRoutes } from './pools/instance-pool-routes.ts';
import { messageRoutes } from './serving/messages/messages.ts';
import { oauthRoutes } from './identity/sign-in/oauth.ts';
import { permissionRoutes } from './identity/permission-routes.ts';
import { runRoutes } from './jobs/run-routes.ts';
import { scimRoutes } from './identity/scim/scim.ts';
import { secretRoutes } from './secrets/secret-routes.ts';
import { servingEndpointRoutes } from './serving/serving-endpoint-routes.ts';
import { telemetryRoutes } from './telemetry/telemetry.ts';
import { signInRoutes } from './identity/sign-in/sign-in-routes.ts';
import { tokenRoutes } from './identity/token-routes.ts';
import { unityCatalogRoutes } from './catalog/unity-catalog.ts';
import { workspaceRoutes } from './workspace-files/workspace-routes.ts';
import type { Route } from './http/router.ts';
import type { Workspace } from './workspace.ts';

/** Every route of the workspace. */
export const routesOf = (workspace: Workspace): Route[] => [
  ...oauthRoutes(workspace),
  ...signInRoutes(workspace),
  ...scimRoutes(workspace),
  ...tokenRoutes(workspace),
  ...clientSecretRoutes(workspace),
  ...clusterRoutes(workspace),
  ...instancePoolRoutes(workspace),
  ...clusterPolicyRoutes(workspace),
  ...runRoutes(workspace),
  ...permissionRoutes(workspace),
  ...unityCatalogRoutes(workspace),
  ...grantRoutes(workspace),
  ...fileRoutes(workspace),
  // Before the routes with a wider pattern.
  ...importRoutes(workspace),
  ...workspaceRoutes(workspace),
  ...secretRoutes(workspace),
  ...appRoutes(workspace),
  ...appDeploymentRoutes(workspace),
  ...servingEndpointRoutes(workspace),
  ...messageRoutes(workspace),
  ...telemetryRoutes(),
  ...driverProxyRoutes(workspace),
];

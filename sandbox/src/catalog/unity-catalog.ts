import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { catalogRoutes } from './catalogs.ts';
import { metastoreRoutes } from './metastore-routes.ts';
import { schemaRoutes } from './schemas.ts';
import { volumeRoutes } from './volumes.ts';

/** Unity Catalog without grants and files. */
export const unityCatalogRoutes = (workspace: Workspace): Route[] => [
  ...metastoreRoutes(workspace),
  ...catalogRoutes(workspace),
  ...schemaRoutes(workspace),
  ...volumeRoutes(workspace),
];

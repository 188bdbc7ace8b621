import type { Call, Method, Reply, Route } from '../../http/router.ts';

/** A route of the workspace's SCIM API: errors in the shape of SCIM (docs/facts/databricks-workspace.md section 10). */
export const scim = (method: Method, path: string, does: string, handle: (call: Call) => Reply): Route => ({
  method,
  path: `/api/2.0/preview/scim/v2/${path}`,
  does,
  source: 'docs/facts/databricks-workspace.md section 10',
  errors: 'scim',
  handle,
});

import { notFound } from '../http/errors.ts';
import { leftOut } from '../http/left-out.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';

/** SQL warehouses, of which this workspace has none: clients ask for them to fill a list. */
export const warehouseRoutes = (): Route[] => [
  {
    method: 'GET',
    path: '/api/2.0/sql/warehouses',
    does: 'Lists SQL warehouses: there are none',
    source: 'Python SDK, WarehousesAPI',
    handle: () => ok({ warehouses: [] }),
  },
  {
    method: 'GET',
    path: '/api/2.0/sql/warehouses/:id',
    does: 'Answers 404: there are no SQL warehouses',
    source: 'Python SDK, WarehousesAPI',
    handle(call) {
      throw notFound(`SQL warehouse ${call.params['id']} does not exist.`);
    },
  },
  leftOut('POST', '/api/2.0/sql/warehouses'),
  leftOut('DELETE', '/api/2.0/sql/warehouses/:id'),
];

import { z } from 'zod';
import { listOf, maybe } from './fields.ts';
import { path } from './path.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';

const text = maybe(z.string());
const accessControl = z.looseObject({
  object_id: text,
  object_type: text,
  access_control_list: listOf(
    z.looseObject({
      user_name: text,
      group_name: text,
      service_principal_name: text,
      all_permissions: listOf(z.looseObject({ permission_level: text, inherited: maybe(z.boolean()) })),
    }),
  ),
});
export type AccessControlList = z.output<typeof accessControl>;

export type PermissionObject = 'clusters' | 'instance-pools' | 'cluster-policies' | 'serving-endpoints';
export type PermissionLevel = 'CAN_ATTACH_TO' | 'CAN_RESTART' | 'CAN_MANAGE' | 'CAN_USE' | 'CAN_VIEW' | 'CAN_QUERY';
type Principal =
  | { readonly user_name: string }
  | { readonly group_name: string }
  | { readonly service_principal_name: string };
export type AccessControlRequest = Principal & { readonly permission_level: PermissionLevel };

export interface Permissions {
  get(type: PermissionObject, id: string, options?: CallOptions): Promise<AccessControlList>;
  /**
   * Adds to what is there and returns the whole list that results; idempotent. Of several levels of one principal only
   * the highest comes back (docs/facts/databricks.md section 4).
   */
  update(
    type: PermissionObject,
    id: string,
    changes: readonly AccessControlRequest[],
    options?: CallOptions,
  ): Promise<AccessControlList>;
}

/** Permissions API 2.0. The update is PATCH: PUT would replace everybody's rights. */
export function permissions(transport: Transport): Permissions {
  return {
    get: (type, id, options) =>
      transport.read(accessControl, { method: 'GET', path: path`/api/2.0/permissions/${type}/${id}`, ...options }),
    update: (type, id, changes, options) =>
      transport.read(accessControl, {
        method: 'PATCH',
        path: path`/api/2.0/permissions/${type}/${id}`,
        body: { access_control_list: changes },
        ...options,
      }),
  };
}

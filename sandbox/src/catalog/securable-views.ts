import { METASTORE_ID } from './metastore-id.ts';
import type { Securable } from './securables.ts';

/** A catalog, schema or volume as Unity Catalog answers it. */
export function view(one: Securable): Record<string, unknown> {
  const common = {
    name: one.name,
    full_name: one.fullName,
    owner: one.owner,
    ...(one.comment === undefined ? {} : { comment: one.comment }),
    ...(one.properties === undefined ? {} : { properties: one.properties }),
    ...(one.options === undefined ? {} : { options: one.options }),
    ...(one.storageRoot === undefined ? {} : { storage_root: one.storageRoot }),
    created_at: one.createdAt,
    created_by: one.createdBy,
    updated_at: one.updatedAt,
    updated_by: one.updatedBy,
    metastore_id: METASTORE_ID,
    securable_type: one.type.toUpperCase(),
    browse_only: false,
  };
  switch (one.type) {
    case 'metastore':
      return common;
    case 'catalog':
      return { ...common, catalog_type: 'MANAGED_CATALOG', isolation_mode: one.isolationMode };
    case 'schema':
      return { ...common, catalog_name: one.parent?.fullName, catalog_type: 'MANAGED_CATALOG', schema_id: one.id };
    case 'volume':
      return {
        ...common,
        catalog_name: one.parent?.parent?.fullName,
        schema_name: one.parent?.name,
        volume_id: one.id,
        volume_type: 'MANAGED',
        storage_location: `abfss://unity-catalog@sandbox.dfs.core.windows.net/__unitystorage/volumes/${one.id}`,
      };
    default:
      return one.type satisfies never;
  }
}

import { z } from 'zod';
import { listOf, maybe } from './fields.ts';
import { collect, pages } from '../transport/paging.ts';
import { path } from './path.ts';
import type { CallOptions, Transport } from '../transport/transport.ts';

const text = maybe(z.string());
const catalog = z.looseObject({ name: z.string(), owner: text });
const schema = z.looseObject({ name: z.string(), full_name: z.string(), owner: text });
const volume = z.looseObject({ name: z.string(), full_name: z.string(), volume_type: text, owner: text });
export type Catalog = z.output<typeof catalog>;
export type Schema = z.output<typeof schema>;
export type Volume = z.output<typeof volume>;

const assignment = z.looseObject({ principal: z.string(), privileges: listOf(z.string()) });
const effectiveAssignment = z.looseObject({
  principal: z.string(),
  privileges: listOf(z.looseObject({ privilege: z.string(), inherited_from_name: text, inherited_from_type: text })),
});
export type PrivilegeAssignment = z.output<typeof assignment>;
export type EffectivePrivilegeAssignment = z.output<typeof effectiveAssignment>;

export type SecurableType = 'catalog' | 'schema' | 'volume';
export interface GrantChange {
  readonly principal: string;
  /** Like `READ_VOLUME`, with underscores. */
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}
export interface VolumeSpec {
  readonly catalog_name: string;
  readonly schema_name: string;
  readonly name: string;
  readonly volume_type: 'MANAGED';
  readonly comment?: string;
}

/** All full names are dotted: `catalog.schema.volume`. A missing one is 404, see meansNotFound in errors.ts. */
export interface UnityCatalog {
  catalogs: { get(name: string, options?: CallOptions): Promise<Catalog> };
  schemas: { get(fullName: string, options?: CallOptions): Promise<Schema> };
  volumes: {
    get(fullName: string, options?: CallOptions): Promise<Volume>;
    /** Names are unique: a second create is an error, see meansAlreadyExists in errors.ts. */
    create(spec: VolumeSpec, options?: CallOptions): Promise<Volume>;
  };
  grants: {
    /** What was granted on this very object. */
    get(
      type: SecurableType,
      fullName: string,
      options?: CallOptions,
    ): Promise<{ privilege_assignments: PrivilegeAssignment[] }>;
    /** What holds, inherited grants included; for one principal or for all. */
    effective(
      type: SecurableType,
      fullName: string,
      principal?: string,
      options?: CallOptions,
    ): Promise<{ privilege_assignments: EffectivePrivilegeAssignment[] }>;
    /** Adds and removes; idempotent. Returns what is granted on this object afterwards. */
    update(
      type: SecurableType,
      fullName: string,
      changes: readonly GrantChange[],
      options?: CallOptions,
    ): Promise<{ privilege_assignments: PrivilegeAssignment[] }>;
  };
}

/** Unity Catalog API 2.1, as far as init scripts in volumes need it (docs/facts/databricks.md section 6). */
export function unityCatalog(transport: Transport): UnityCatalog {
  const base = '/api/2.1/unity-catalog';
  return {
    catalogs: {
      get: (name, options) =>
        transport.read(catalog, { method: 'GET', path: base + path`/catalogs/${name}`, ...options }),
    },
    schemas: {
      get: (name, options) =>
        transport.read(schema, { method: 'GET', path: base + path`/schemas/${name}`, ...options }),
    },
    volumes: {
      get: (name, options) =>
        transport.read(volume, { method: 'GET', path: base + path`/volumes/${name}`, ...options }),
      create: (spec, options) =>
        transport.read(volume, { method: 'POST', path: `${base}/volumes`, body: spec, ...options }),
    },
    grants: {
      async get(type, name, options) {
        const all = pages(
          transport,
          { method: 'GET', path: base + path`/permissions/${type}/${name}`, ...options },
          'privilege_assignments',
          assignment,
        );
        return { privilege_assignments: await collect(all) };
      },
      async effective(type, name, principal, options) {
        const call = {
          method: 'GET',
          path: base + path`/effective-permissions/${type}/${name}`,
          query: { principal },
          ...options,
        } as const;
        return {
          privilege_assignments: await collect(pages(transport, call, 'privilege_assignments', effectiveAssignment)),
        };
      },
      update: (type, name, changes, options) =>
        transport.read(z.looseObject({ privilege_assignments: listOf(assignment) }), {
          method: 'PATCH',
          path: base + path`/permissions/${type}/${name}`,
          body: { changes },
          ...options,
        }),
    },
  };
}

/** The kinds of securable that this metastore holds. */
export type SecurableType = 'metastore' | 'catalog' | 'schema' | 'volume';

/** What can be granted on each kind; a privilege on a catalog or schema reaches everything below it. */
const VOLUME = ['READ_VOLUME', 'WRITE_VOLUME', 'APPLY_TAG', 'MANAGE', 'ALL_PRIVILEGES'];
const SCHEMA = [
  ...VOLUME,
  'USE_SCHEMA',
  'CREATE_VOLUME',
  'CREATE_TABLE',
  'CREATE_FUNCTION',
  'CREATE_MODEL',
  'CREATE_MATERIALIZED_VIEW',
  'SELECT',
  'MODIFY',
  'EXECUTE',
  'REFRESH',
  'EXTERNAL_USE_SCHEMA',
];
const CATALOG = [...SCHEMA, 'USE_CATALOG', 'CREATE_SCHEMA', 'BROWSE'];
const METASTORE = [
  'CREATE_CATALOG',
  'CREATE_CONNECTION',
  'CREATE_EXTERNAL_LOCATION',
  'CREATE_PROVIDER',
  'CREATE_RECIPIENT',
  'CREATE_SHARE',
  'CREATE_STORAGE_CREDENTIAL',
  'MANAGE_ALLOWLIST',
  'SET_SHARE_PERMISSION',
  'USE_CONNECTION',
  'USE_MARKETPLACE_ASSETS',
  'USE_PROVIDER',
  'USE_RECIPIENT',
  'USE_SHARE',
];

const PRIVILEGES: Readonly<Record<SecurableType, ReadonlySet<string>>> = {
  metastore: new Set(METASTORE),
  catalog: new Set(CATALOG),
  schema: new Set(SCHEMA),
  volume: new Set(VOLUME),
};

/** What ALL PRIVILEGES does not include. */
export const ALL_BUT: ReadonlySet<string> = new Set(['MANAGE', 'EXTERNAL_USE_SCHEMA']);

/** Whether a privilege can be granted on this kind of securable. */
export const isGrantable = (type: SecurableType, privilege: string): boolean => PRIVILEGES[type].has(privilege);

/** The API writes `READ_VOLUME`, SQL and people `READ VOLUME`; both are taken. */
export const privilegeName = (given: string): string => given.trim().replaceAll(' ', '_').toUpperCase();

/** What somebody needs to see a securable of this kind, unless they may BROWSE. */
export const SEEING: Readonly<Record<Exclude<SecurableType, 'metastore'>, string>> = {
  catalog: 'USE_CATALOG',
  schema: 'USE_SCHEMA',
  volume: 'READ_VOLUME',
};

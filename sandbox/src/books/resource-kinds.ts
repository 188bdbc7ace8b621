import type { HistoryWorld } from './history-world.ts';

/** Something that exists, as the books know it. */
export interface Existing {
  readonly id: string;
  readonly name: string;
}

interface ResourceKind {
  /** The routes that can bring such a thing into being or end it. */
  readonly touchedBy: RegExp;
  /** Everything of this kind that there is now; never anything secret. */
  existing(workspace: HistoryWorld): Iterable<Existing>;
}

const SCIM = /^\/api\/2\.0\/(account|preview)\/scim\//;
/** An app comes with a service principal. */
const SCIM_OR_APPS = /^\/api\/2\.0\/((account|preview)\/scim\/|apps$)/;
const CATALOG = /^\/api\/2\.1\/unity-catalog\//;

/** What is looked for. Clusters, pools, runs and apps keep their own memory. */
export const RESOURCE_KINDS = {
  user: { touchedBy: SCIM, existing: (workspace) => principalsOf(workspace, 'user') },
  'service-principal': {
    touchedBy: SCIM_OR_APPS,
    existing: (workspace) => principalsOf(workspace, 'service-principal'),
  },
  group: {
    touchedBy: SCIM,
    existing: ({ principals }) => [...principals.groups()].map(({ id, displayName }) => ({ id, name: displayName })),
  },
  token: {
    touchedBy: /^\/api\/2\.0\/(token|(account|preview)\/scim)\b/,
    existing: ({ tokens }) =>
      tokens
        .personal()
        .map(({ id, owner, comment }) => ({ id, name: `${owner.userName}${comment === '' ? '' : `: ${comment}`}` })),
  },
  policy: {
    touchedBy: /^\/api\/2\.\d\/policies\/clusters\//,
    existing: ({ policies }) => policies.made().map(({ id, fields }) => ({ id, name: fields.name })),
  },
  catalog: { touchedBy: CATALOG, existing: (workspace) => securablesOf(workspace, 'catalog') },
  schema: { touchedBy: CATALOG, existing: (workspace) => securablesOf(workspace, 'schema') },
  volume: { touchedBy: CATALOG, existing: (workspace) => securablesOf(workspace, 'volume') },
  'secret-scope': {
    touchedBy: /^\/api\/2\.0\/secrets\/scopes\//,
    existing: ({ secretScopes, admin }) => secretScopes.readableBy(admin).map(({ name }) => ({ id: name, name })),
  },
} as const satisfies Record<string, ResourceKind>;

const principalsOf = ({ principals }: HistoryWorld, wanted: 'user' | 'service-principal'): Existing[] =>
  [...principals.all()].flatMap(({ kind, id, userName, displayName }) =>
    kind === wanted ? [{ id, name: kind === 'user' ? userName : displayName }] : [],
  );

const securablesOf = ({ securables }: HistoryWorld, type: 'catalog' | 'schema' | 'volume'): Existing[] =>
  [...securables.ofType(type)].map(({ id, fullName }) => ({ id, name: fullName }));

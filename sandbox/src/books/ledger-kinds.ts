import type { LedgerWorld } from './ledger-world.ts';

/** Something that exists, as the ledger knows it. */
export interface Standing {
  readonly id: string;
  readonly name: string;
}

interface LedgerKind {
  /** The routes that can bring such a thing into being or end it. */
  readonly touchedBy: RegExp;
  /** Everything of this kind that there is now; never anything secret. */
  standing(workspace: LedgerWorld): Iterable<Standing>;
}

const SCIM = /^\/api\/2\.0\/(account|preview)\/scim\//;
const CATALOG = /^\/api\/2\.1\/unity-catalog\//;

/** What the ledger keeps an eye on. Clusters, pools and runs keep their own memory. */
export const LEDGER_KINDS = {
  user: { touchedBy: SCIM, standing: (workspace) => principalsOf(workspace, 'user') },
  'service-principal': { touchedBy: SCIM, standing: (workspace) => principalsOf(workspace, 'service-principal') },
  group: {
    touchedBy: SCIM,
    standing: ({ principals }) => [...principals.groups()].map(({ id, displayName }) => ({ id, name: displayName })),
  },
  token: {
    touchedBy: /^\/api\/2\.0\/(token|(account|preview)\/scim)\b/,
    standing: ({ tokens }) =>
      tokens
        .personal()
        .map(({ id, owner, comment }) => ({ id, name: `${owner.userName}${comment === '' ? '' : `: ${comment}`}` })),
  },
  policy: {
    touchedBy: /^\/api\/2\.\d\/policies\/clusters\//,
    standing: ({ policies }) => [...policies.all()].map(({ id, fields }) => ({ id, name: fields.name })),
  },
  catalog: { touchedBy: CATALOG, standing: (workspace) => securablesOf(workspace, 'catalog') },
  schema: { touchedBy: CATALOG, standing: (workspace) => securablesOf(workspace, 'schema') },
  volume: { touchedBy: CATALOG, standing: (workspace) => securablesOf(workspace, 'volume') },
  'secret-scope': {
    touchedBy: /^\/api\/2\.0\/secrets\/scopes\//,
    standing: ({ secretScopes, admin }) => secretScopes.readableBy(admin).map(({ name }) => ({ id: name, name })),
  },
} as const satisfies Record<string, LedgerKind>;

const principalsOf = ({ principals }: LedgerWorld, wanted: 'user' | 'service-principal'): Standing[] =>
  [...principals.all()].flatMap(({ kind, id, userName, displayName }) =>
    kind === wanted ? [{ id, name: kind === 'user' ? userName : displayName }] : [],
  );

const securablesOf = ({ securables }: LedgerWorld, type: 'catalog' | 'schema' | 'volume'): Standing[] =>
  [...securables.ofType(type)].map(({ id, fullName }) => ({ id, name: fullName }));

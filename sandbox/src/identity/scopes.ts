import { ApiError } from '../http/errors.ts';

/**
 * What a token of a visitor to an app opens, by the beginning of a scope (docs/facts/apps.md section 3). For jobs,
 * clusters and secrets there is none; what the sandbox does not have opens nothing.
 */
const OPENS: readonly (readonly [string, RegExp])[] = [
  ['iam.current-user', /^\/api\/2\.0\/preview\/scim\/v2\/Me$/],
  ['iam.access-control', /^\/api\/2\.0\/permissions\//],
  ['serving.serving-endpoints', /^\/(api\/2\.0\/serving-endpoints|serving-endpoints|ai-gateway)(\/|$)/],
  ['files.files', /^\/api\/2\.0\/fs\//],
  ['catalog.', /^\/api\/2\.1\/unity-catalog\//],
];

/** Without being asked for (docs/facts/apps.md section 3). */
export const DEFAULT_SCOPES = ['iam.current-user:read', 'iam.access-control:read'] as const;

/**
 * @param scopes of the token; undefined for one that opens everything its owner may do
 * @throws 403 for an address that none of them opens. The real words are not known.
 */
export function requireScope(scopes: readonly string[] | undefined, path: string): void {
  if (scopes === undefined) return;
  const opened = OPENS.some(([begin, place]) => place.test(path) && scopes.some((scope) => scope.startsWith(begin)));
  if (!opened)
    throw new ApiError({
      status: 403,
      errorCode: 'PERMISSION_DENIED',
      message: `The token lacks the scope for this. It has: ${scopes.join(' ')}`,
    });
}

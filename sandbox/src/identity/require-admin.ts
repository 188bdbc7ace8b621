import { permissionDenied } from '../http/errors.ts';
import type { Call } from '../http/router.ts';
import type { Rights } from './rights.ts';

/** @param what only admins may do, such as `pin clusters`. @throws 403 PERMISSION_DENIED for anybody else. */
export function requireAdmin(
  { principals }: Pick<Rights, 'principals'>,
  { caller }: Pick<Call, 'caller'>,
  what: string,
): void {
  if (!principals.isAdmin(caller)) throw permissionDenied(`Only admin users can ${what}.`);
}

import { z } from 'zod';
import { invalidParameter, permissionDenied } from '../http/errors.ts';
import { text } from '../http/request-body.ts';
import { couldNotRun } from './endings.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import type { Ending } from './run-model.ts';
import { singleUserRefusal } from '../clusters/single-user.ts';
import type { Principal } from '../identity/principals.ts';
import type { Rights } from '../identity/rights.ts';

export const runAsBody = z.object({
  user_name: text.optional(),
  service_principal_name: text.optional(),
  group_name: text.optional(),
});

/**
 * Whose rights a run has.
 * @throws 403 when somebody who is no admin names another (docs/facts/databricks.md section 4); 400 for one that does
 * not exist.
 */
export function runAsOf(
  { principals }: Pick<Rights, 'principals'>,
  given: z.output<typeof runAsBody> | undefined,
  caller: Principal,
): Principal {
  if (given === undefined) return caller;
  const named = [given.user_name, given.service_principal_name, given.group_name].filter(
    (name) => name !== undefined && name !== '',
  );
  const [name] = named;
  if (name === undefined || named.length > 1)
    throw invalidParameter('run_as must name exactly one of user_name, service_principal_name and group_name.');
  if (given.group_name)
    throw invalidParameter('run_as group_name is not supported in the sandbox: name a user or a service principal.');
  const principal = principals.find(name);
  if (principal === caller) return caller;
  if (!principals.isAdmin(caller))
    throw permissionDenied(
      `User ${caller.userName} is not authorized to set run_as to ${name}. Non-admin users can only ` +
        'set this field to their own email.',
    );
  if (!principal || principal.kind !== (given.user_name ? 'user' : 'service-principal'))
    throw invalidParameter(`The run_as principal '${name}' does not exist in this workspace.`);
  return principal;
}

/** Why a run may not use a cluster: the identity comes before the permissions (docs/facts/databricks.md section 4). */
export function clusterRefusal(
  { principals, permissions }: Rights,
  cluster: Cluster,
  runAs: Principal,
): Ending | undefined {
  const single = singleUserRefusal(principals, cluster, runAs);
  if (single !== undefined) return couldNotRun('UNAUTHORIZED_ERROR', `PERMISSION_DENIED: ${single}`);
  return lacking(permissions.allows(runAs, 'clusters', cluster.id, 'CAN_ATTACH_TO'), runAs, 'Attach');
}

/** Why a run may not start a cluster that is terminated. */
export const startRefusal = (
  { permissions }: Pick<Rights, 'permissions'>,
  cluster: Cluster,
  runAs: Principal,
): Ending | undefined => lacking(permissions.allows(runAs, 'clusters', cluster.id, 'CAN_RESTART'), runAs, 'Restart');

const lacking = (isAllowed: boolean, { userName }: Principal, verb: string): Ending | undefined =>
  isAllowed
    ? undefined
    : couldNotRun(
        'UNAUTHORIZED_ERROR',
        `PERMISSION_DENIED: job run-as user ${userName} lacks '${verb}' permissions on the underlying cluster.`,
      );

import { permissionDenied } from '../http/errors.ts';
import type { Principal } from '../identity/principals.ts';
import type { Rights } from '../identity/rights.ts';

const WHO_MAY = {
  CAN_VIEW: 'View or Admin or Manage Run or Owner',
  CAN_MANAGE_RUN: 'Manage Run or Admin or Owner',
  CAN_MANAGE: 'Admin or Owner',
} as const;

/** Permissions on a run are those of the job behind it. @throws 403. */
export function requireOnJob(
  { permissions }: Pick<Rights, 'permissions'>,
  caller: Principal,
  jobId: number,
  level: keyof typeof WHO_MAY,
): void {
  if (permissions.allows(caller, 'jobs', String(jobId), level)) return;
  throw permissionDenied(`User ${caller.userName} does not have ${WHO_MAY[level]} permissions on job ${jobId}`);
}

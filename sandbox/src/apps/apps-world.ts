import type { Principal, Principals } from '../identity/principals.ts';
import type { Permissions } from '../identity/permissions.ts';
import type { Schedule } from '../time/schedule.ts';
import type { AppHosts } from './running/app-hosts.ts';
import type { WorkspaceFiles } from '../workspace-files/workspace-files.ts';

/** What apps need of the rest of the workspace. */
export interface AppsWorld {
  /** The workspace's own; known once it listens. */
  readonly id: string;
  readonly schedule: Schedule;
  readonly principals: Principals;
  readonly permissions: Permissions;
  readonly workspaceFiles: WorkspaceFiles;
  readonly appHosts: AppHosts;
  /** Takes somebody out of the workspace with all that is theirs. */
  dismiss(principal: Principal, by: string | undefined, at: number): void;
}

/** How apps are limited (docs/facts/apps.md section 2). */
export interface AppsLimits {
  /** How many there may be at a time, those that are stopped or being deleted included. */
  readonly mostApps: number;
  /** What one too many is refused with, as nobody knows what a real workspace says. */
  readonly appsRefusal: { readonly status: number; readonly errorCode: string };
}

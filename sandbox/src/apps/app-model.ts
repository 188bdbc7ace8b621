import type { Principal } from '../identity/principals.ts';
import type { AppFields } from './app-fields.ts';

export type AppState = 'DEPLOYING' | 'RUNNING' | 'CRASHED' | 'UNAVAILABLE';

/** Of a compute; ERROR and UPDATING, which a real one has too, do not come about here. */
export type ComputeState = 'STARTING' | 'ACTIVE' | 'STOPPING' | 'STOPPED' | 'DELETING';

/** A variable as app.yaml or a deployment names it: by its value, or by the resource it is taken from. */
export interface AppVariable {
  readonly name: string;
  readonly value?: string | undefined;
  readonly valueFrom?: string | undefined;
}

export interface Deployment {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** The user name of whoever asked for it. */
  readonly creator: string;
  readonly createdAt: number;
  readonly sourceCodePath: string;
  readonly mode: 'SNAPSHOT' | 'AUTO_SYNC';
  readonly command: readonly string[] | undefined;
  /** A real workspace gives back their names only. */
  readonly env: readonly AppVariable[];
  state: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  message: string;
  updatedAt: number;
  /** What will be said of it in the end, decided when it began; undefined when it will succeed. */
  readonly failure: string | undefined;
}

/** An app. Times in the sandbox's epoch milliseconds. */
export interface App {
  readonly name: string;
  /** Order of creation. */
  readonly order: number;
  /** Where it answers on this computer; undefined for an app in the books only, whose code does not run. */
  address: string | undefined;
  /** Who it is when it asks something of the workspace: made with it, and gone with it. */
  readonly servicePrincipal: Principal;
  /** Of the OAuth client and the integration that come with it. */
  readonly oauthClientId: string;
  readonly oauthIntegrationId: string;
  /** The user name of who made it. */
  readonly creator: string;
  readonly createdAt: number;
  updater: string;
  updatedAt: number;
  fields: AppFields;
  compute: ComputeState;
  /** Every state its compute was ever in. */
  readonly history: { readonly state: ComputeState; readonly at: number }[];
  /** Oldest first. */
  readonly deployments: Deployment[];
  active: Deployment | undefined;
  pending: Deployment | undefined;
  /** The code of the active deployment has ended by itself. */
  hasCrashed: boolean;
  /** What a start deploys again; undefined before the first deployment that succeeded. */
  lastGood: Deployment | undefined;
  defaultSourceCodePath: string | undefined;
  /** Whether an update was ever asked for. */
  isUpdated: boolean;
  /** Changes with everything that overrides what was planned for its compute, so that stale plans are recognised. */
  epoch: number;
  /** The user name of who had it deleted; undefined while nobody has. */
  deletedBy: string | undefined;
  /** When its name was free again; kept for the books. */
  goneAt: number | undefined;
}

/** Puts its compute into another state. */
export function moveTo(app: App, state: ComputeState, at: number): void {
  app.compute = state;
  app.history.push({ state, at });
}

/** Somebody has changed it. @param by a user name. */
export function touch(app: App, by: string, at: number): void {
  app.updater = by;
  app.updatedAt = at;
}

/**
 * How long its compute has run by `now`, in milliseconds of the sandbox's time. It runs, and would be paid, from
 * ACTIVE until it has stopped or the app is being deleted, whether code is in it or not (docs/facts/apps-clients.md
 * section 7).
 */
export function computeMs({ history }: Pick<App, 'history'>, now: number): number {
  return history.reduce((sum, { state, at }, index) => {
    const runs = state === 'ACTIVE' || state === 'STOPPING';
    return runs ? sum + (history[index + 1]?.at ?? now) - at : sum;
  }, 0);
}

/** Whether its compute runs or is about to: what nobody pays for is STOPPED, or on its way out. */
export const isRunning = ({ compute, goneAt }: Pick<App, 'compute' | 'goneAt'>): boolean =>
  goneAt === undefined && compute !== 'STOPPED' && compute !== 'DELETING';

/** How the code in it does; only code that runs crashes. */
export function appStateOf({ compute, pending, active, hasCrashed }: App): AppState {
  if (compute !== 'ACTIVE') return 'UNAVAILABLE';
  if (pending) return 'DEPLOYING';
  if (hasCrashed) return 'CRASHED';
  return active ? 'RUNNING' : 'UNAVAILABLE';
}

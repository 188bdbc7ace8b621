import type { Apps } from '../apps/apps.ts';
import { appStateOf, computeMs, isRunning } from '../apps/app-model.ts';
import type { App, AppState, ComputeState, Deployment } from '../apps/app-model.ts';

/** An app that was ever there. Times in the sandbox's epoch milliseconds. */
export interface AppEntry {
  readonly name: string;
  /** The user name of who made it. */
  readonly creator: string;
  readonly createdAt: number;
  /** Of its compute; of one that is gone, the last: DELETING. */
  readonly state: ComputeState;
  /** Every state its compute was ever in, each with its exact moment. */
  readonly history: readonly { readonly state: ComputeState; readonly at: number }[];
  /** Of the code in it. */
  readonly appState: AppState;
  readonly deployments: readonly {
    readonly id: string;
    readonly creator: string;
    readonly sourceCodePath: string;
    readonly state: Deployment['state'];
    readonly createdAt: number;
  }[];
  /** How long its compute has run so far, in milliseconds of the sandbox's time. */
  readonly computeMs: number;
  /** Its compute runs, or is about to: neither STOPPED nor on its way out. */
  readonly running: boolean;
  /** Its name and its slot are taken: true while it is being deleted. */
  readonly alive: boolean;
  /** Undefined while nobody has had it deleted. */
  readonly deletedBy: string | undefined;
  readonly goneAt: number | undefined;
}

/** In the order in which they were made. @param now in epoch milliseconds. */
export const appEntries = (apps: Apps, now: number): AppEntry[] =>
  [...apps.everMade()].map((app: App) => ({
    name: app.name,
    creator: app.creator,
    createdAt: app.createdAt,
    state: app.compute,
    history: [...app.history],
    appState: appStateOf(app),
    deployments: app.deployments.map(({ id, creator, sourceCodePath, state, createdAt }) => ({
      id,
      creator,
      sourceCodePath,
      state,
      createdAt,
    })),
    computeMs: computeMs(app, now),
    running: isRunning(app),
    alive: app.goneAt === undefined,
    deletedBy: app.deletedBy,
    goneAt: app.goneAt,
  }));

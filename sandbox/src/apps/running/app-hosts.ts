import type { Socket } from 'node:net';
import type { App, Deployment } from '../app-model.ts';
import type { AppHostsWorld } from './app-hosts-world.ts';

/** Where the code of apps runs, if it runs at all. Which apps it runs for is decided when they are made. */
export interface AppHosts {
  /**
   * Called once, before anything else but `open`. Apps that ran when the sandbox was stopped come up again.
   * @param onConnection takes every connection that an app makes to the workspace.
   */
  serve(world: AppHostsWorld, onConnection: (socket: Socket) => void): Promise<void>;
  /** Gives a new app an address here; undefined when it is to be an app in the books only. */
  open(app: App): Promise<void> | undefined;
  /** Its compute is up, or will be: its log begins anew. */
  begin(app: App, at: number): void;
  /** Runs this code in the place of what runs there; what comes of it is told to the life of apps. */
  deploy(app: App, deployment: Deployment, at: number): void;
  /** Ends its code, as its compute stops. */
  stop(app: App, at: number): void;
  /** It is gone. */
  remove(app: App): void;
  /** Ends everything. */
  close(): Promise<void>;
}

/** Apps that exist in the books only. */
export const NO_APP_HOSTS: AppHosts = {
  async serve() {},
  open: () => undefined,
  begin() {},
  deploy() {},
  stop() {},
  remove() {},
  async close() {},
};

import type { Home } from '../../home.ts';
import type { SecretScopes } from '../../secrets/secret-scopes.ts';
import type { Principals } from '../../identity/principals.ts';
import type { ClientSecrets } from '../../identity/sign-in/client-secrets.ts';
import type { WorkspaceFiles } from '../../workspace-files/workspace-files.ts';
import type { App, Deployment } from '../app-model.ts';
import type { FrontWorld } from './front/app-front.ts';

/** What running apps need of the workspace. */
export interface AppHostsWorld extends FrontWorld {
  readonly id: string;
  readonly home: Home;
  readonly principals: Principals;
  readonly clientSecrets: ClientSecrets;
  readonly secretScopes: SecretScopes;
  readonly workspaceFiles: WorkspaceFiles;
  readonly apps: {
    all(): App[];
    readonly life: {
      /** A deployment has ended. @param failure why it failed; undefined when it has not. */
      deployed(app: App, deployment: Deployment, failure: string | undefined, at: number): void;
      /** The code in an app has ended by itself. */
      crashed(app: App): void;
    };
  };
  /** Something happened outside of requests and the clock that is to outlive a restart. */
  changed(): void;
  /** Milliseconds of the sandbox's time that a real workspace's take here. */
  scaled(ms: number): number;
}

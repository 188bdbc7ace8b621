import type { CurrentUser, Workspace } from '../databricks/workspace.ts';
import { workspaceFrom } from '../workspace.ts';
import { WrongInput } from './exit.ts';

/** A workspace that answered, and who we are in it. */
export interface SignedIn {
  readonly workspace: Workspace;
  readonly me: CurrentUser;
}

/** A variable that names credentials, so that silence about them would be wrong. */
const NAMES_CREDENTIALS = /^(DATABRICKS_|ARM_)/;

/** Whether the environment says anything about a workspace. */
export function hasCredentials(env: Readonly<Record<string, string | undefined>>): boolean {
  return Object.entries(env).some(([name, value]) => NAMES_CREDENTIALS.test(name) && value !== undefined && value !== '');
}

/**
 * Signs in to the workspace of the environment, and lets go of it whatever happens.
 * @param wanted the plan's workspace; another one is refused before anything is sent.
 * @throws {WrongInput} for another workspace; {ConnectError} without credentials; {DatabricksError} or {UnreachableError} when it refuses or is silent.
 */
export async function withWorkspace<T>(wanted: string | undefined, use: (signedIn: SignedIn) => Promise<T>): Promise<T> {
  const workspace = workspaceFrom(process.env);
  try {
    if (wanted !== undefined && workspace.host !== wanted) {
      throw new WrongInput(`The plan is for ${wanted}, but the environment is for ${workspace.host}. Set DATABRICKS_HOST (or the profile) to the plan's workspace, or correct the plan.`);
    }
    return await use({ workspace, me: await workspace.currentUser.me() });
  } finally {
    await workspace.close();
  }
}

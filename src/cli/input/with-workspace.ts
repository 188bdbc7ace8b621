import { DatabricksError, UnreachableError, type CurrentUser, type Workspace } from '../../databricks/workspace.ts';
import { environmentsOf, PROFILES, workspaceFrom } from '../../workspace-from-environment.ts';
import { NoAnswer } from '../../client.ts';
import { patiently } from './patiently.ts';
import { WrongInput } from './exit.ts';

/** A workspace that answered, and who we are in it. */
export interface SignedIn {
  readonly workspace: Workspace;
  readonly me: CurrentUser;
}

/** A variable that names credentials, so that silence about them would be wrong. */
const NAMES_CREDENTIALS = /^(DATABRICKS_|ARM_|WORKSHOP_PROFILES$)/;

/** Whether the environment says anything about a workspace. */
export function hasCredentials(env: NodeJS.ProcessEnv): boolean {
  return Object.entries(env).some(
    ([name, value]) => NAMES_CREDENTIALS.test(name) && value !== undefined && value !== '',
  );
}

/**
 * Signs in to the workspace of the environment, and lets go of it whatever happens.
 * @param wanted the plan's workspace; another one is refused before anything is sent.
 * @throws {WrongInput} for another workspace; {ConnectError} without credentials; {NoAnswer} when it refuses them or is
 * silent.
 */
export async function withWorkspace<T>(
  wanted: string | undefined,
  use: (signedIn: SignedIn) => Promise<T>,
  env = process.env,
): Promise<T> {
  const workspace = workspaceFrom(await environmentFor(wanted, env));
  try {
    if (wanted !== undefined && workspace.host !== wanted) {
      throw new WrongInput(
        `The plan is for ${wanted}, but the environment is for ${workspace.host}. Set ` +
          "DATABRICKS_HOST (or the profile) to the plan's workspace, or correct the plan.",
      );
    }
    return await use({ workspace, me: await signIn(workspace) });
  } finally {
    await workspace.close();
  }
}

/** Of several environments the one for that workspace; the first where none is, which is said then. */
async function environmentFor(wanted: string | undefined, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const [first = env, ...others] = environmentsOf(env);
  if (wanted === undefined || others.length === 0) return first;
  for (const one of [first, ...others]) {
    const workspace = workspaceFrom(one);
    await workspace.close();
    if (workspace.host === wanted) return one;
  }
  return first;
}

/** A workspace of several: signed in to, or why that cannot be. */
export type SignedInOrNot = SignedIn | { readonly silence: string };

/**
 * Signs in to each of several workspaces, with the credentials of whichever profile, or of the environment, is for it.
 * One that refuses them is said, and holds up none of the others.
 * @param wanted addresses
 * @param profiles as named on the command line
 */
export async function withWorkspaces<T>(
  wanted: readonly string[],
  profiles: readonly string[] | undefined,
  use: (byAddress: ReadonlyMap<string, SignedInOrNot>) => Promise<T>,
  env = process.env,
): Promise<T> {
  const open: Workspace[] = [];
  try {
    for (const one of environmentsOf(env, profiles)) open.push(workspaceFrom(one));
    const signedIn = await Promise.all(
      wanted.map(async (host): Promise<readonly [string, SignedInOrNot]> => {
        const workspace = open.find((one) => one.host === host);
        if (workspace === undefined) return [host, { silence: `No credentials are for ${host}. ${ONE_FOR_EACH}` }];
        return [
          host,
          await signIn(workspace).then(
            (me) => ({ workspace, me }),
            (error: unknown) => {
              if (!(error instanceof NoAnswer)) throw error;
              return { silence: error.message };
            },
          ),
        ];
      }),
    );
    return await use(new Map(signedIn));
  } finally {
    for (const workspace of open) await workspace.close();
  }
}

const ONE_FOR_EACH = `Name a profile for each: --profile <name>, once for each workspace, or ${PROFILES}=north,south.`;

const WHICH_VARIABLES =
  'Name them by DATABRICKS_TOKEN, by DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, by ' +
  'DATABRICKS_CONFIG_PROFILE, or by DATABRICKS_AUTH_TYPE=azure-cli after "az login".';

/** Who we are. What goes wrong at the first call is about the address or the credentials, and is said so. */
async function signIn(workspace: Workspace): Promise<CurrentUser> {
  try {
    return await patiently(() => workspace.currentUser.me());
  } catch (error) {
    if (error instanceof UnreachableError)
      throw new NoAnswer(`The workspace ${workspace.host} cannot be reached. ${error.message}`);
    if (!(error instanceof DatabricksError) || (error.status !== 401 && error.status !== 403)) throw error;
    if (error.detail.startsWith('not sent'))
      throw new NoAnswer(`No credentials for ${workspace.host} could be used. ${WHICH_VARIABLES} (${error.detail})`);
    throw new NoAnswer(
      `The workspace ${workspace.host} does not accept these credentials: they are wrong, have ` +
        `expired, or belong to another workspace. ${WHICH_VARIABLES} (${error.message})`,
    );
  }
}

import { connectWorkspace, type ConnectOptions, type Workspace } from './databricks/workspace.ts';

/**
 * The workspace that an environment names: DATABRICKS_HOST with a token, an OAuth service principal, the Azure CLI,
 * or a profile of ~/.databrickscfg by DATABRICKS_CONFIG_PROFILE.
 * @throws {ConnectError} when it names none, or none completely.
 */
export function workspaceFrom(
  env: NodeJS.ProcessEnv,
  rate: Pick<ConnectOptions, 'requestsPerSecond' | 'slowForMs' | 'launchTurnMs' | 'speed'> = {},
): Workspace {
  return connectWorkspace({
    host: env['DATABRICKS_HOST'],
    // Whoever names another way to sign in means it, whatever token is left over in the shell.
    token: ['', 'pat'].includes(env['DATABRICKS_AUTH_TYPE'] ?? '') ? env['DATABRICKS_TOKEN'] : undefined,
    profile: env['DATABRICKS_CONFIG_PROFILE'],
    env,
    ...rate,
  });
}

/** Names the profiles of several workspaces, like `north,south`. */
export const PROFILES = 'WORKSHOP_PROFILES';
/** Whose credentials they are is said by a profile alone. */
const OTHER_CREDENTIALS = /^(DATABRICKS_(?!CONFIG_FILE$)|ARM_|GOOGLE_)/;

/**
 * An environment for each of several workspaces: its profile names address and credentials, and what the environment
 * says of another one is left out. Without any profile, the environment itself.
 * @param named on the command line; else WORKSHOP_PROFILES
 */
export function environmentsOf(env: NodeJS.ProcessEnv, named: readonly string[] = []): NodeJS.ProcessEnv[] {
  const listed = (env[PROFILES] ?? '').split(',').map((profile) => profile.trim());
  const profiles = [...new Set(named.length > 0 ? named : listed.filter((profile) => profile !== ''))];
  if (profiles.length === 0) return [env];
  const rest = Object.fromEntries(Object.entries(env).filter(([name]) => !OTHER_CREDENTIALS.test(name)));
  return profiles.map((profile) => ({ ...rest, DATABRICKS_CONFIG_PROFILE: profile }));
}

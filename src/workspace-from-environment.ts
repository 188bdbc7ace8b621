import { connectWorkspace, type ConnectOptions, type Workspace } from './databricks/workspace.ts';

/**
 * The workspace that an environment names: DATABRICKS_HOST with a token, an OAuth service principal, the Azure CLI,
 * or a profile of ~/.databrickscfg by DATABRICKS_CONFIG_PROFILE.
 * @throws {ConnectError} when it names none, or none completely.
 */
export function workspaceFrom(
  env: NodeJS.ProcessEnv,
  rate: Pick<ConnectOptions, 'requestsPerSecond' | 'slowForMs' | 'launchTurnMs'> = {},
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

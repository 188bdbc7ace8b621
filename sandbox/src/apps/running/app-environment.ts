import type { SecretScopes } from '../../secrets/secret-scopes.ts';
import type { Principal } from '../../identity/principals.ts';
import type { App, AppVariable } from '../app-model.ts';
import { DeploymentFailed } from './deployment-failed.ts';

/** Where code listens (docs/facts/apps.md section 4: 8000 in practice). */
export const APP_PORT = 8_000;

const ADDRESS = '0.0.0.0';
const PORT = String(APP_PORT);

/** What the platform knows of an app that the app is told. */
export interface Known {
  readonly app: App;
  readonly workspaceId: string;
  readonly host: string;
  /** Of the app's own service principal. */
  readonly clientSecret: string;
}

/** What every app finds: who it is, and what the usual servers read (docs/facts/apps.md section 4). */
export const platformVariables = ({ app, workspaceId, host, clientSecret }: Known): Record<string, string> => ({
  DATABRICKS_APP_NAME: app.name,
  DATABRICKS_APP_PORT: PORT,
  DATABRICKS_WORKSPACE_ID: workspaceId,
  DATABRICKS_HOST: host,
  DATABRICKS_CLIENT_ID: app.servicePrincipal.userName,
  DATABRICKS_CLIENT_SECRET: clientSecret,
  PORT,
  FLASK_RUN_HOST: ADDRESS,
  FLASK_RUN_PORT: PORT,
  UVICORN_HOST: ADDRESS,
  UVICORN_PORT: PORT,
  GRADIO_SERVER_NAME: ADDRESS,
  GRADIO_SERVER_PORT: PORT,
  STREAMLIT_SERVER_ADDRESS: ADDRESS,
  STREAMLIT_SERVER_PORT: PORT,
  STREAMLIT_SERVER_HEADLESS: 'true',
  STREAMLIT_SERVER_ENABLE_CORS: 'false',
  STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION: 'false',
});

/** In a command nothing else is replaced (docs/facts/apps.md section 4). */
export const withPort = (word: string): string => word.replaceAll(/\$DATABRICKS_APP_PORT\b/g, PORT);

/**
 * The app's own variables, those taken from its resources filled in.
 * @param who deploys: must be able to read what is taken. @throws {DeploymentFailed}
 */
export function ownVariables(
  variables: readonly AppVariable[],
  { fields }: App,
  secretScopes: SecretScopes,
  who: Principal | undefined,
): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => {
      if (valueFrom === undefined) return [name, value ?? ''];
      const resource = (fields.resources ?? []).find((one) => one.name === valueFrom);
      if (!resource)
        throw new DeploymentFailed(
          `The variable ${name} is taken from the resource ${valueFrom}, and the app has no resource of that name.`,
        );
      return [name, valueOf(resource, name, secretScopes, who)];
    }),
  );
}

/** What stands for a resource: the secret itself, and of all else its id or name. */
function valueOf(
  resource: Readonly<Record<string, unknown>>,
  variable: string,
  secretScopes: SecretScopes,
  who: Principal | undefined,
): string {
  const [kind, about = {}] =
    Object.entries(resource).find(([, value]) => value !== null && typeof value === 'object') ?? [];
  const fields = about as Readonly<Record<string, unknown>>;
  if (kind === 'secret') {
    try {
      if (!who) throw new Error('whoever deploys is not in the workspace any more');
      return secretScopes.resolve(who, `{{secrets/${String(fields['scope'])}/${String(fields['key'])}}}`);
    } catch (error) {
      throw new DeploymentFailed(`The secret for the variable ${variable} cannot be read: ${(error as Error).message}`);
    }
  }
  const value = ['id', 'securable_full_name', 'space_id', 'experiment_id', 'name']
    .map((name) => fields[name])
    .find(Boolean);
  if (typeof value !== 'string')
    throw new DeploymentFailed(
      `The sandbox does not know what a ${kind ?? 'resource'} gives the variable ${variable}.`,
    );
  return value;
}

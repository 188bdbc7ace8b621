import type { App, Deployment } from './app-model.ts';
import { DEFAULT_SCOPES } from '../identity/scopes.ts';
import { appStateOf } from './app-model.ts';

/** Never to be branched on: only `state` is. */
const COMPUTE_MESSAGES = {
  STARTING: 'App compute is starting.',
  ACTIVE: 'App compute is running.',
  STOPPING: 'App compute is stopping.',
  STOPPED: 'App compute is stopped.',
  DELETING: 'App compute is being deleted.',
} as const;
const APP_MESSAGES = {
  DEPLOYING: 'App is being deployed.',
  RUNNING: 'App has status: App is running',
  CRASHED: 'App has crashed. Its log says what it said last.',
  UNAVAILABLE: 'App status is unavailable.',
} as const;

/**
 * An app as GET answers it (docs/facts/apps.md section 1.2). What its makers did not say is left out, except for what
 * the platform sets by itself. @param workspace the id of the workspace.
 */
export function appView(app: App, workspace: string): Record<string, unknown> {
  return { ...listedView(app, workspace), app_status: appStatus(app) };
}

/** As a list holds it: app_status is said to be absent there (docs/facts/apps-clients.md section 6). */
export function listedView(app: App, workspace: string): Record<string, unknown> {
  const { name, servicePrincipal, fields, active, pending } = app;
  return {
    name,
    id: servicePrincipal.userName,
    url: app.address ?? `https://${name}-${workspace}.azure.databricksapps.com`,
    description: '',
    compute_size: 'MEDIUM',
    forward_user_access_token: true,
    ...fields,
    effective_user_api_scopes: effectiveScopes(app),
    compute_status: { state: app.compute, message: COMPUTE_MESSAGES[app.compute] },
    ...(active ? { active_deployment: deploymentView(active, app) } : {}),
    ...(pending ? { pending_deployment: deploymentView(pending, app) } : {}),
    ...(app.defaultSourceCodePath === undefined ? {} : { default_source_code_path: app.defaultSourceCodePath }),
    service_principal_id: Number(servicePrincipal.id),
    service_principal_name: servicePrincipal.displayName,
    service_principal_client_id: servicePrincipal.userName,
    oauth2_app_client_id: app.oauthClientId,
    oauth2_app_integration_id: app.oauthIntegrationId,
    creator: app.creator,
    create_time: written(app.createdAt),
    updater: app.updater,
    update_time: written(app.updatedAt),
  };
}

/** A deployment as its own routes answer it, and within its app. */
export function deploymentView(deployment: Deployment, { servicePrincipal }: App): Record<string, unknown> {
  const { id, command, env, state, message } = deployment;
  return {
    deployment_id: id,
    source_code_path: deployment.sourceCodePath,
    mode: deployment.mode,
    ...(command === undefined ? {} : { command }),
    ...(env.length === 0 ? {} : { env_vars: env.map(({ name }) => ({ name })) }),
    deployment_artifacts: { source_code_path: `/Workspace/Users/${servicePrincipal.userName}/src/${id}` },
    status: { state, message },
    creator: deployment.creator,
    create_time: written(deployment.createdAt),
    update_time: written(deployment.updatedAt),
  };
}

/** What a token of a visitor to it is good for. */
export const effectiveScopes = ({ fields }: Pick<App, 'fields'>): string[] => [
  ...new Set([...DEFAULT_SCOPES, ...(fields.user_api_scopes ?? [])]),
];

function appStatus(app: App): { readonly state: string; readonly message: string } {
  const state = appStateOf(app);
  return { state, message: APP_MESSAGES[state] };
}

/** `2026-10-07T14:07:23Z`. */
const written = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

import { z } from 'zod';
import { ApiError } from '../http/errors.ts';
import { queryText, readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { requireAdmin } from '../identity/require-admin.ts';

/** The settings that a workspace has. Only those about tokens have an effect here. */
const KEYS = new Set([
  'customerApprovedWSLoginExpirationTime',
  'enable-X-Content-Type-Options',
  'enable-X-Frame-Options',
  'enable-X-XSS-Protection',
  'enableDatabricksAutologgingAdminConf',
  'enableDbfsFileBrowser',
  'enableDcs',
  'enableDeprecatedClusterNamedInitScripts',
  'enableDeprecatedGlobalInitScripts',
  'enableEnforceImdsV2',
  'enableExportNotebook',
  'enableGp3',
  'enableHlsRuntime',
  'enableIpAccessLists',
  'enableJobViewAcls',
  'enableNotebookTableClipboard',
  'enableProjectTypeInWorkspace',
  'enableProjectsAllowList',
  'enableResultsDownloading',
  'enableTokensConfig',
  'enableUploadDataUis',
  'enableVerboseAuditLogs',
  'enableWebTerminal',
  'enableWorkspaceFilesystem',
  'enforceClusterViewAcls',
  'enforceUserIsolation',
  'enforceWorkspaceViewAcls',
  'intercomAdminConsent',
  'maxTokenLifetimeDays',
  'mlflowModelRegistryEmailNotificationsEnabled',
  'mlflowModelServingEndpointCreationEnabled',
  'mlflowRunArtifactDownloadEnabled',
  'projectsAllowList',
  'projectsAllowListPermissions',
  'reposIpynbResultsExportPermissions',
  'rStudioUserDefaultHomeBase',
  'storeInteractiveNotebookResultsInCustomerAccount',
]);

const BOOLEANS = /^(enable|enforce)[A-Z]/;
const changes = z.record(text.max(100), text.max(10_000));

/** Settings of the whole workspace. Every value is text, `true` and `false` included. */
export class WorkspaceConf {
  readonly #values = new Map<string, string>();

  /** Undefined until somebody sets it. */
  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  set(values: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(values)) this.#values.set(key, value);
  }
}

/** GET and PATCH of the settings, for admins. */
export function workspaceConfRoutes(workspace: Workspace): Route[] {
  const { conf } = workspace;
  const mustBeAdmin = (call: Call): void =>
    requireAdmin(workspace, call, 'read and change the settings of the workspace');
  return [
    {
      method: 'GET',
      path: '/api/2.0/workspace-conf',
      does: 'Tells the settings that are asked for',
      source: 'facts/ssh-and-claude.md, wire calls of the other commands',
      handle(call) {
        mustBeAdmin(call);
        const keys = queryText(call.query, 'keys')
          .split(',')
          .map((key) => key.trim());
        mustBeKnown(keys);
        return ok(Object.fromEntries(keys.map((key) => [key, conf.get(key) ?? null])));
      },
    },
    {
      method: 'PATCH',
      path: '/api/2.0/workspace-conf',
      does: 'Changes settings of the workspace',
      source: 'Python SDK, WorkspaceConfAPI',
      handle(call) {
        const wanted = readRequiredBody(changes, call.json);
        mustBeAdmin(call);
        mustBeKnown(Object.keys(wanted));
        const refused = Object.entries(wanted).filter(
          ([key, value]) =>
            (BOOLEANS.test(key) && !/^(true|false)$/i.test(value)) ||
            (key === 'maxTokenLifetimeDays' && !/^\d{0,5}$/.test(value)),
        );
        if (refused.length > 0)
          throw badRequest(`Some values are not allowed: ${JSON.stringify(Object.fromEntries(refused))}`);
        conf.set(
          Object.fromEntries(
            Object.entries(wanted).map(([key, value]) => [key, BOOLEANS.test(key) ? value.toLowerCase() : value]),
          ),
        );
        return { status: 204 };
      },
    },
  ];
}

function mustBeKnown(keys: readonly string[]): void {
  const unknown = keys.filter((key) => !KEYS.has(key));
  if (unknown.length > 0) throw badRequest(`Invalid keys: ${JSON.stringify(unknown.slice(0, 10))}`);
}

const badRequest = (message: string): ApiError => new ApiError({ status: 400, errorCode: 'BAD_REQUEST', message });

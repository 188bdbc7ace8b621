import { z } from 'zod';
import { invalidParameter, notFound, notImplemented } from '../http/errors.ts';
import { nextPage, pageStart } from '../http/page-start.ts';
import { queryInteger, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { managedApp } from './app-access.ts';
import type { App } from './app-model.ts';
import { sourceFailure } from './app-source.ts';
import { deploymentView } from './app-view.ts';
import { LARGEST_PAGE, USUAL_PAGE } from './page-sizes.ts';

const DEPLOYMENTS = '/api/2.0/apps/:name/deployments';
const SOURCE = 'docs/facts/apps.md sections 1.2, 1.3 and 2';

const deploymentBody = z.object({
  source_code_path: text.optional(),
  mode: z.enum(['SNAPSHOT', 'AUTO_SYNC']).default('SNAPSHOT'),
  command: z.array(text).optional(),
  env_vars: z.array(z.object({ name: text.min(1), value: text.optional(), value_from: text.optional() })).default([]),
  git_source: z.looseObject({}).optional(),
});

/** /api/2.0/apps/{name}/deployments: what code is in an app, and was. Who sees the app sees them. */
export function appDeploymentRoutes(workspace: Workspace): Route[] {
  const { apps } = workspace;
  return [
    {
      method: 'POST',
      path: DEPLOYMENTS,
      does: 'Deploys the code in a folder of the workspace to an app that is up; it runs if the app has a machine here',
      source: SOURCE,
      handle(call) {
        const app = managedApp(workspace, call);
        const body = readBody(deploymentBody, call.json);
        if (body.git_source) throw notImplemented('POST', `${call.url} with git_source`);
        // As the command line does that names no folder.
        const sourceCodePath = body.source_code_path || app.defaultSourceCodePath;
        if (sourceCodePath === undefined) throw invalidParameter('Missing required field: source_code_path');
        const asked = {
          creator: call.caller.userName,
          sourceCodePath,
          mode: body.mode,
          command: body.command,
          env: body.env_vars.map(({ name, value, value_from: valueFrom }) => ({ name, value, valueFrom })),
          failure: sourceFailure(workspace.workspaceFiles, sourceCodePath, call.caller),
        };
        return ok(deploymentView(apps.life.deploy(app, asked, call.at), app));
      },
    },
    {
      method: 'GET',
      path: DEPLOYMENTS,
      does: 'Lists the deployments of an app, the newest first, in pages',
      source: SOURCE,
      handle: (call) => ok(page(apps.get(call.params['name'] ?? ''), call)),
    },
    {
      method: 'GET',
      path: `${DEPLOYMENTS}/:id`,
      does: 'Answers a deployment: IN_PROGRESS, then SUCCEEDED or FAILED with what was wrong',
      source: SOURCE,
      handle({ params }) {
        const app = apps.get(params['name'] ?? '');
        const found = app.deployments.find(({ id }) => id === params['id']);
        if (!found) throw notFound(`Deployment ${params['id']} of app ${app.name} does not exist.`, 'NOT_FOUND');
        return ok(deploymentView(found, app));
      },
    },
  ];
}

/** A page token says how many older ones are left, so that new ones move none. */
function page(app: App, { query }: Call): Record<string, unknown> {
  const size = queryInteger(query, 'page_size', 0, LARGEST_PAGE) || USUAL_PAGE;
  const end = pageStart(query.get('page_token')) || app.deployments.length;
  const begin = Math.max(0, end - size);
  const part = app.deployments.slice(begin, end).toReversed();
  if (part.length === 0) return {};
  return {
    app_deployments: part.map((deployment) => deploymentView(deployment, app)),
    ...(begin > 0 ? nextPage(begin, Number.POSITIVE_INFINITY) : {}),
  };
}

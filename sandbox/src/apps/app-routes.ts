import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { leftOut } from '../http/left-out.ts';
import { nextPage, pageStart } from '../http/page-start.ts';
import { queryInteger, readBody, readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { managedApp } from './app-access.ts';
import { appChange, isChangeable, newApp } from './app-fields.ts';
import type { AppFields } from './app-fields.ts';
import type { App } from './app-model.ts';
import { grantsOf, grantTo } from './app-resources.ts';
import { appView, listedView } from './app-view.ts';
import { LARGEST_PAGE, USUAL_PAGE } from './page-sizes.ts';

const APPS = '/api/2.0/apps';
const NAMED = `${APPS}/:name`;
const SOURCE = 'docs/facts/apps.md section 1';

const updateBody = z.object({ app: appChange.default({}), update_mask: text.min(1) });

/** /api/2.0/apps: create, get, list, change, start, stop, delete (docs/facts/apps.md section 1). */
export function appRoutes(workspace: Workspace): Route[] {
  const { apps } = workspace;
  const view = (app: App): Reply => ok(appView(app, workspace.id));
  return [
    {
      method: 'POST',
      path: APPS,
      does: 'Creates an app and starts it, unless no_compute=true (everybody may)',
      source: 'docs/facts/apps.md sections 1.3, 2 and 3',
      handle(call) {
        const { name, ...fields } = readBody(newApp, call.json);
        const grant = grantsOf(workspace, fields, call.caller);
        const app = apps.create(name, fields, call.caller, call.at, call.query.get('no_compute') !== 'true');
        grant(app.servicePrincipal);
        // Its address is known once somebody listens there.
        const opening = workspace.appHosts.open(app);
        return opening ? opening.then(() => view(app)) : view(app);
      },
    },
    {
      method: 'GET',
      path: APPS,
      does: 'Lists the apps of the workspace, everybody to everybody, in pages and without app_status',
      source: 'docs/facts/apps-clients.md section 6',
      handle: (call) => ok(page(workspace, call)),
    },
    {
      method: 'GET',
      path: NAMED,
      does: 'Answers an app with the states of its compute and of the code in it',
      source: SOURCE,
      handle: ({ params }) => view(apps.get(params['name'] ?? '')),
    },
    {
      method: 'PATCH',
      path: NAMED,
      does: 'Changes what is given of an app; its name and its size stay',
      source: 'docs/facts/apps.md section 1.3',
      handle(call) {
        const app = managedApp(workspace, call);
        const { compute_size, ...fields } = readRequiredBody(appChange, call.json);
        if (compute_size !== undefined)
          throw invalidParameter(
            'Compute size updates are not supported in this update API. Please use the new update API instead.',
          );
        grantTo(workspace, app, fields, call.caller);
        apps.change(app, fields, call.caller.userName, call.at);
        return view(app);
      },
    },
    {
      method: 'POST',
      path: `${NAMED}/update`,
      does: 'Changes the fields of an app that the mask names, its size too; done at once',
      source: 'docs/facts/apps-clients.md section 8',
      handle(call) {
        const app = managedApp(workspace, call);
        const body = readRequiredBody(updateBody, call.json);
        const fields = masked(body.app, body.update_mask);
        grantTo(workspace, app, fields, call.caller);
        apps.update(app, fields, call.caller.userName, call.at);
        return ok(updateView(app));
      },
    },
    {
      method: 'GET',
      path: `${NAMED}/update`,
      does: 'Tells how the last update of an app went',
      source: 'docs/facts/apps-clients.md section 8',
      handle: ({ params }) => ok(updateView(apps.get(params['name'] ?? ''))),
    },
    {
      method: 'POST',
      path: `${NAMED}/start`,
      does: 'Starts a stopped app, and deploys what was in it last again',
      source: SOURCE,
      handle(call) {
        const app = managedApp(workspace, call);
        apps.life.start(app, call.caller.userName, call.at);
        return view(app);
      },
    },
    {
      method: 'POST',
      path: `${NAMED}/stop`,
      does: 'Stops an app that is up; its deployments are ended',
      source: SOURCE,
      handle(call) {
        const app = managedApp(workspace, call);
        apps.life.stop(app, call.caller.userName, call.at);
        return view(app);
      },
    },
    {
      method: 'DELETE',
      path: NAMED,
      does: 'Deletes an app, which takes a while: until then its name is taken',
      source: 'docs/facts/apps.md section 1.3',
      handle(call) {
        const app = managedApp(workspace, call);
        apps.life.delete(app, call.caller.userName, call.at);
        return view(app);
      },
    },
    leftOut('PATCH', `${NAMED}/thumbnail`),
    leftOut('DELETE', `${NAMED}/thumbnail`),
  ];
}

/** A page begins at an app's place in the order of creation, so that what goes meanwhile moves no other. */
function page({ apps, id }: Workspace, { query }: Call): Record<string, unknown> {
  const from = pageStart(query.get('page_token'));
  const size = queryInteger(query, 'page_size', 0, LARGEST_PAGE) || USUAL_PAGE;
  const left = apps.all().filter(({ order }) => order >= from);
  if (left.length === 0) return {};
  const next = left[size];
  return {
    apps: left.slice(0, size).map((app) => listedView(app, id)),
    ...(next ? nextPage(next.order, Number.POSITIVE_INFINITY) : {}),
  };
}

/** What is in the mask and not in the body is taken back to what it is when nobody says. @throws 400. */
function masked(given: AppFields, mask: string): AppFields {
  const named = mask.split(',').map((path) => path.trim().split(/[.[]/)[0] ?? '');
  const unknown = named.find((field) => !isChangeable(field));
  if (unknown !== undefined)
    throw invalidParameter(`The update mask of an app may not hold '${unknown.slice(0, 100)}'.`);
  return Object.fromEntries(named.filter(isChangeable).map((field) => [field, given[field]]));
}

const updateView = ({ isUpdated }: App): unknown => ({
  status: { state: isUpdated ? 'SUCCEEDED' : 'NOT_UPDATED', message: '' },
});

import { permissionDenied } from '../http/errors.ts';
import type { Call } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import type { App } from './app-model.ts';

/**
 * The app that a request names, of which only who manages it may ask this (docs/facts/apps.md section 1.4).
 * @throws 404 when there is none, 403.
 */
export function managedApp({ apps, permissions }: Workspace, { params, caller }: Call): App {
  const app = apps.get(params['name'] ?? '');
  if (!permissions.allows(caller, 'apps', app.name, 'CAN_MANAGE'))
    throw permissionDenied(
      `${caller.userName} does not have Manage permissions on app ${app.name}. Please contact the owner or an ` +
        'administrator for access.',
    );
  return app;
}

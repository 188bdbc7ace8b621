import { openHome } from './home.ts';
import { describeRoutes } from './http/describe-routes.ts';
import type { RouteLine } from './http/describe-routes.ts';
import { routesOf } from './routes.ts';
import { decideSettings } from './settings.ts';
import { Workspace } from './workspace.ts';

/** Every route that a sandbox has, without starting one. */
export function routeList(): RouteLine[] {
  const home = openHome();
  try {
    return describeRoutes(routesOf(new Workspace({ ...decideSettings({}), now: Date.now, home })));
  } finally {
    home.leave();
  }
}

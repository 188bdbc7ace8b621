import type { NodesMode } from '../../nodes/nodes.ts';
import { NO_APP_HOSTS } from './app-hosts.ts';
import type { AppHosts } from './app-hosts.ts';
import { RealApps } from './real-apps.ts';

/** So many that those which a rehearsal makes leave room: without code they cost no more than a port. */
const MOST_IN_AUTO = 20;

/**
 * Where the code of apps runs in a sandbox with such nodes: that of all apps, of the first few, or of none.
 * @param packages a folder of packages for pip.
 */
export function openAppHosts(nodes: NodesMode, packages: string | undefined): AppHosts {
  if (nodes === 'simulated') return NO_APP_HOSTS;
  return new RealApps({ most: nodes === 'real' ? Number.POSITIVE_INFINITY : MOST_IN_AUTO, packages });
}

import type { CurrentUser } from '../../databricks/workspace.ts';
import type { Capability } from './capability.ts';

/** Whether others than admins see apps that are not theirs is told both ways (docs/facts/apps-clients.md section 6). */
export function rightToEndApps(me: CurrentUser, admin: boolean): Capability {
  return {
    id: 'apps',
    title: "see people's apps, and stop or delete them at the end",
    verdict: admin ? 'yes' : 'unknown',
    because: admin
      ? 'admins may manage every app'
      : `${me.userName} may see its own apps only: then people's are neither counted nor ended, and an admin does ` +
        'it (databricks apps list; databricks apps stop <name>)',
    commands: [],
  };
}

import { fileURLToPath } from 'node:url';
import type { WorkshopClient } from '../../../client.ts';
import { withEvents } from '../../../event/with-events.ts';
import { laptopChecks } from '../../../messages/laptop-checks.ts';
import type { WebParts } from '../../../web/web-parts.ts';
import { changeWords, notKnown, whoOf } from '../../pages/history-page.ts';
import { evidenceFor } from '../looking/cluster-evidence.ts';
import { workspaceFor } from './from-workspace.ts';

const LAPTOP = fileURLToPath(new URL('../../../../laptop', import.meta.url));

/**
 * What the pages are made of.
 * @param env whose credentials of a workspace read a cluster's events and log, and who is connected; without any, pages
 * do without
 */
export async function webPartsFor(
  client: WorkshopClient,
  env: NodeJS.ProcessEnv,
  more: Pick<WebParts, 'key' | 'publicUrl' | 'signedInBy'>,
): Promise<WebParts> {
  const aware = withEvents(client);
  const checks = await laptopChecks(LAPTOP);
  return {
    ...more,
    client: aware,
    evidence: evidenceFor(env),
    history: async (id, timeZone) => {
      const history = await aware.changes(id);
      return {
        deeds: history.changes
          .filter(({ kind }) => kind !== 'page')
          .map((change) => ({ at: change.at, who: whoOf(change), what: changeWords(change, timeZone) })),
        left: notKnown(history, timeZone),
      };
    },
    workspace: workspaceFor(env),
    laptopChecks: new Map(checks.map(({ name, bytes }) => [name, bytes])),
  };
}

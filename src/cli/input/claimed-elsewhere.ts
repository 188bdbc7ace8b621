import type { WorkshopClient } from '../../client.ts';
import { DatabricksError } from '../../databricks/workspace.ts';
import { whose, type Claim } from '../../domain/replayed/claim/claim.ts';
import { claimIn } from '../../preview.ts';
import { say } from '../terminal/output.ts';
import { patiently } from './patiently.ts';
import type { SignedIn } from './with-workspace.ts';

/**
 * The claim of a run that another Temporal server keeps alive, if there is one. A volume that cannot be read by whoever
 * sits here tells nothing; the worker looks again.
 */
export async function claimedElsewhere(
  client: WorkshopClient,
  workspace: SignedIn['workspace'],
  id: string,
  volumes: readonly string[],
): Promise<Claim | undefined> {
  const server = await client.server();
  for (const volume of volumes) {
    try {
      const there = await patiently(() => claimIn(workspace, volume, id));
      if (there && whose(there, { server, now: Date.now() }) === 'theirs') return there;
    } catch (error) {
      if (!(error instanceof DatabricksError)) throw error;
      say(`Whether another Temporal server runs "${id}" could not be read from here: ${error.message}`);
    }
  }
  return undefined;
}

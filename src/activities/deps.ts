import type { Client } from '@temporalio/client';
import type { Workspace } from '../databricks/workspace.ts';
import type { TemporalServerId } from '../domain/replayed/claim/claim.ts';
import type { Notifier } from '../messages/notifier.ts';
import type { PageLinks } from '../messages/page-links.ts';

/** The real parts that activities work with; put together in `worker.ts` and nowhere else. */
export interface ActivityDeps {
  readonly workspace: Workspace;
  /** For activities that look after workflows: closing the cohorts, starting the removal. */
  readonly temporal: Client;
  /** Which server that is, for others to read. */
  readonly server: TemporalServerId;
  readonly notifier: Notifier;
  /** Links to people's own pages; undefined: this worker has no key to seal them with. */
  readonly pages?: PageLinks | undefined;
  /** Where letters and reports are written, one folder a workshop. */
  readonly folder: string;
  /** The folder of init scripts that are uploaded. */
  readonly initScripts: string;
  /** The folder of what attendees run on their laptops. */
  readonly laptop: string;
  /** The worker's own environment: where programs and proxies are. Credentials are the workspace's business. */
  readonly env: NodeJS.ProcessEnv;
  /** Reports are sealed with it; undefined: they are not. */
  readonly reportKey?: string | undefined;
  /** Aborted when the worker is asked to stop: long activities give up at once, and another worker goes on. */
  readonly closing: AbortSignal;
  /** Shortest time between two shared listings, milliseconds. */
  readonly listingGap: number;
}

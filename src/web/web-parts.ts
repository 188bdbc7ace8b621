import type { WorkshopClient } from '../client.ts';
import type { ClusterEvidence } from '../domain/verdict/cluster-evidence.ts';
import type { SignedInBy } from './guard/forwarded-identity.ts';
import type { Waits } from './live/waits.ts';
import type { ReadsWorkspace } from './watch/workspace-looks.ts';
import type { Deed } from './pages/room/history-page.ts';

/** What the pages are made of. */
export interface WebParts {
  readonly client: WorkshopClient;
  /** Seals the links: 32 bytes or more. */
  readonly key: Uint8Array;
  /** Where people reach it, without a slash at its end; undefined: at the address that it listens on. */
  readonly publicUrl?: string | undefined;
  readonly signedInBy?: SignedInBy | undefined;
  /** What the workspace says of a cluster, where its credentials are there. Never fails. */
  readonly evidence: (host: string, clusterId: string) => Promise<ClusterEvidence>;
  /** Who is connected and what they built, where the workspace may be asked. */
  readonly workspace?: ReadsWorkspace | undefined;
  /** Who did what about a workshop, and what the list does not know. */
  readonly history: (
    id: string,
    timeZone: string,
  ) => Promise<{ readonly deeds: readonly Deed[]; readonly left: readonly string[] }>;
  /** What people run on their laptops, by name. */
  readonly laptopChecks: ReadonlyMap<string, Uint8Array>;
  /** Other times than usual. */
  readonly waits?: Partial<Waits> | undefined;
}

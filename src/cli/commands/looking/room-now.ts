import type { Progress } from '../../../domain/replayed/checklist/progress.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import type { WorkshopReader } from '../../../reader.ts';

/** A listing of runs and one of clusters: what is on a screen all day asks no more often. */
const EVERY_MS = 30_000;

/**
 * Says by itself, from the end of the Setup block to the end of the event, who was not connected yet. Undefined before
 * and after, and where the environment has no credentials of the workspace. Never throws: `status` is shown without.
 */
export function roomNow(
  reader: Pick<WorkshopReader, 'planInForce'>,
  id: string,
): (progress: Progress, seats: readonly Seat[], now: number) => Promise<string | undefined> {
  let words: string | undefined;
  let askedAt = -Infinity;
  return async (progress, seats, now) => {
    // Of an event each workshop tells its own: who is in one workspace is not connected in another.
    if (progress.parts) return undefined;
    if (progress.heading !== 'during' || progress.status !== 'running' || now < progress.start) return undefined;
    if (now - askedAt < EVERY_MS) return words;
    askedAt = now;
    words = await asked(reader, id, seats, now).catch(() => undefined);
    return words;
  };
}

/** Loaded only when there is something to ask: it takes longer than all else that `status` does. */
async function asked(
  reader: Pick<WorkshopReader, 'planInForce'>,
  id: string,
  seats: readonly Seat[],
  now: number,
): Promise<string | undefined> {
  const { hasCredentials, withWorkspace } = await import('../../input/with-workspace.ts');
  if (!hasCredentials(process.env)) return undefined;
  const { plan, timeline, policyId } = await reader.planInForce(id);
  const { roomWords, setupIsOverAt } = await import('../../../domain/tunnels/room.ts');
  if (now < setupIsOverAt(plan, timeline.start)) return undefined;
  const { whoIsConnected } = await import('../../../domain/tunnels/connected.ts');
  const { readListings } = await import('../../../preview.ts');
  const listings = await withWorkspace(plan.workspace, ({ workspace }) => readListings(workspace, policyId, now));
  return roomWords(id, whoIsConnected(seats, listings, timeline, now));
}

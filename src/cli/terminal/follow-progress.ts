import { setTimeout as wait } from 'node:timers/promises';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { PoolWaits } from '../../domain/replayed/made/pool-waits.ts';
import type { WorkshopReader } from '../../reader.ts';
import type { AboutForStatus } from '../../domain/verdict/status-view.ts';
import { drawProgress } from './draw-progress.ts';
import { peopleNowAndThen, type RoomWords } from './people-now-and-then.ts';

const EVERY_MS = 500;
/** Between two runs of a lifecycle a query can miss, and a restarted worker needs a moment. */
export const PATIENCE_MS = 60_000;

export interface FollowOptions {
  readonly quiet: boolean;
  /** Gives up following; the workshop goes on. */
  readonly stop?: AbortSignal;
  readonly about?: AboutForStatus;
  readonly top?: readonly string[];
  /** So long nobody may answer, milliseconds; a minute if not given. */
  readonly patienceMs?: number;
  readonly room?: RoomWords;
  /** @param sinceMs how long ago the answer before came, in milliseconds */
  readonly onEach?: (progress: Progress, sinceMs: number) => Promise<void>;
}

/**
 * Shows a lifecycle's checklist and people until it has closed.
 * @throws {NoAnswer} when nobody has answered for as long as it is patient.
 */
export async function followProgress(
  client: WorkshopReader,
  id: string,
  { quiet, stop, about, top = [], patienceMs = PATIENCE_MS, room, onEach }: FollowOptions,
): Promise<void> {
  const screen = drawProgress(process.stderr, { timeZone: about?.timeZone ?? 'UTC', top });
  const seen = peopleNowAndThen(client, id, about, room);
  const look = async (poolWaits: PoolWaits | undefined, isRunning: boolean) => {
    const progress = await client.progress(id);
    if (!quiet && !stop?.aborted) {
      const last = await seen(progress);
      const isGone = !isRunning && progress.status !== 'finished';
      screen.show(progress, { about, ...last, poolWaits, isGone });
    }
    return progress;
  };
  let answered = Date.now();
  let shown = false;
  try {
    for (;;) {
      if (stop?.aborted) break;
      const { state, poolWaits } = await client.look(id);
      const running = state === 'running';
      try {
        const progress = await look(poolWaits, running);
        const sinceMs = Date.now() - answered;
        answered = Date.now();
        shown = true;
        await onEach?.(progress, sinceMs);
      } catch (error) {
        // Between the two questions it may have closed, and then the last picture is there already.
        if (!running && shown) break;
        if (!running || Date.now() - answered > patienceMs) throw error;
      }
      // Closed: what was shown just now is the last that there is to see.
      if (!running) break;
      await wait(EVERY_MS, undefined, stop ? { signal: stop } : {}).catch(() => {});
    }
  } finally {
    screen.done();
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import type { About, WorkshopReader } from '../../reader.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { drawProgress } from './draw-progress.ts';

const EVERY_MS = 500;
/** Between two runs of a lifecycle a query can miss, and a restarted worker needs a moment. */
const PATIENCE_MS = 60_000;

export interface FollowOptions {
  readonly quiet: boolean;
  /** Gives up following; the workshop goes on. */
  readonly stop?: AbortSignal;
  readonly about?: Pick<About, 'timeZone' | 'timeline'>;
  readonly top?: readonly string[];
  readonly onEach?: (progress: Progress) => Promise<void>;
}

/**
 * Shows a lifecycle's checklist and people until it has closed.
 * @throws {NoAnswer} when nobody has answered for a minute.
 */
export async function followProgress(
  client: WorkshopReader,
  id: string,
  { quiet, stop, about, top = [], onEach }: FollowOptions,
): Promise<void> {
  const screen = drawProgress(process.stderr, {
    timeZone: about?.timeZone ?? 'UTC',
    timeline: about?.timeline ?? {},
    top,
  });
  const look = async () => {
    const progress = await client.progress(id);
    if (!quiet && !stop?.aborted) screen.show(progress, Date.now());
    return progress;
  };
  let answered = Date.now();
  let shown = false;
  try {
    for (;;) {
      if (stop?.aborted) break;
      const running = (await client.standing(id)) === 'running';
      try {
        const progress = await look();
        answered = Date.now();
        shown = true;
        await onEach?.(progress);
      } catch (error) {
        // Between the two questions it may have closed, and then the last picture is there already.
        if (!running && shown) break;
        if (!running || Date.now() - answered > PATIENCE_MS) throw error;
      }
      // Closed: what was shown just now is the last that there is to see.
      if (!running) break;
      await wait(EVERY_MS, undefined, stop ? { signal: stop } : {}).catch(() => {});
    }
  } finally {
    screen.done();
  }
}

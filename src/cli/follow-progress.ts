import { setTimeout as wait } from 'node:timers/promises';
import type { WorkshopClient } from '../client.ts';
import type { Progress } from '../domain/progress.ts';
import { drawProgress } from './draw-progress.ts';

const EVERY_MS = 500;

/** Shows a lifecycle's checklist and people until it has closed. */
export async function followProgress(client: WorkshopClient, id: string, options: { quiet: boolean; onEach?: (progress: Progress) => Promise<void> }): Promise<void> {
  const screen = drawProgress(process.stderr);
  for (;;) {
    if ((await client.standing(id)) !== 'running') break;
    let progress: Progress;
    try {
      progress = await client.progress(id);
    } catch {
      // Between two runs of the lifecycle a query can miss; the next one answers.
      await wait(EVERY_MS);
      continue;
    }
    if (!options.quiet) screen.show(progress, Date.now());
    await options.onEach?.(progress);
    await wait(EVERY_MS);
  }
  screen.done();
}

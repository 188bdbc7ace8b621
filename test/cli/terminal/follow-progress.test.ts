import { expect, it } from 'vitest';
import { followProgress } from '../../../src/cli/terminal/follow-progress.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import type { WorkshopReader } from '../../../src/reader.ts';

/** A workshop whose worker has no time for the first few questions, and which has ended when it answers. */
function busyFor(questions: number) {
  let asked = 0;
  const reader = {
    look: async () => ({ state: asked > questions ? 'closed' : 'running' }),
    progress: async () => {
      asked += 1;
      if (asked <= questions) throw new Error('nobody answers');
      return { status: 'finished' } as Progress;
    },
  };
  return { reader: reader as unknown as WorkshopReader, asked: () => asked };
}

it('asks again for as long as it is patient', async () => {
  const { reader, asked } = busyFor(3);
  await followProgress(reader, 'spring', { quiet: true, patienceMs: 3_600_000 });
  expect(asked()).toBe(5);
});

it('gives up where nobody has answered for longer', async () => {
  const { reader } = busyFor(3);
  await expect(followProgress(reader, 'spring', { quiet: true, patienceMs: 1 })).rejects.toThrow('nobody answers');
});

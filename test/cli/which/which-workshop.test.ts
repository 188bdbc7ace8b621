import { expect, it } from 'vitest';
import { didYouMean, whichWorkshop } from '../../../src/cli/which/which-workshop.ts';
import type { KnownWorkshop } from '../../../src/reader.ts';

const known = (id: string, state: KnownWorkshop['state']): KnownWorkshop => ({
  id,
  runId: id,
  state,
  startedAt: 0,
  memo: async () => ({}),
});
const reader = (...workshops: KnownWorkshop[]) => ({ address: 'localhost:7233', workshops: async () => workshops });
const [spring, summer, autumn] = [
  known('spring', 'running'),
  known('summer', 'running'),
  known('autumn', 'completed'),
] as const;

it('whoever names one means it: the server is not asked', async () => {
  const silent = { address: '', workshops: () => Promise.reject(new Error('was asked')) };
  expect(await whichWorkshop(silent, 'winter')).toBe('winter');
});

it('the only one that runs is meant, whatever has ended; else the only one there is', async () => {
  expect(await whichWorkshop(reader(spring, autumn), undefined)).toBe('spring');
  expect(await whichWorkshop(reader(autumn), undefined)).toBe('autumn');
});

it('where there are several, they are named; where there is none, it is said what to do', async () => {
  await expect(whichWorkshop(reader(spring, summer, autumn), undefined)).rejects.toThrow(
    'Which workshop? 2 run on localhost:7233. Name one of them:\n  spring\n  summer',
  );
  const ended = [autumn, known('winter', 'terminated')];
  await expect(whichWorkshop(reader(...ended), undefined)).rejects.toThrow(
    'Which workshop? 2 are known, and none runs, on localhost:7233. Name one of them:\n  autumn\n  winter',
  );
  await expect(whichWorkshop(reader(), undefined)).rejects.toThrow(
    'No workshop is known on localhost:7233. Start one with "bin/workshop start <plan>"',
  );
});

it('an id that is not known brings near ones to mind, else all', () => {
  expect(didYouMean('sprimg', ['spring', 'summer'])).toEqual(['Did you mean "spring"?']);
  expect(didYouMean('berlin-2027', ['spring', 'summer'])).toEqual(['Known there: spring, summer.']);
  expect(didYouMean('spring', ['spring', 'summer'])).toEqual([]);
  expect(didYouMean('spring', [])).toEqual([]);
});

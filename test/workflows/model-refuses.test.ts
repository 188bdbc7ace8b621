import { expect, test } from 'vitest';
import { openStage } from './stage/time-skipping.ts';
import { attendees, MINUTE, planOf, REAL_PACE, workshopInput } from './stage/workshop-input.ts';

test('a model that refuses the room is a line of its own with the remedy, until it answers again', async () => {
  let refuses = false;
  let probes = 0;
  const stage = await openStage({
    change: () => ({
      modelAnswers: async () => {
        probes += 1;
        return refuses ? { well: false, status: 429, message: 'It refuses with 429.', toDo: 'Wait.' } : { well: true };
      },
    }),
  });
  const start = (await stage.clock.now()) + 60 * MINUTE;
  const pace = { ...REAL_PACE, watchModel: 5 * MINUTE };
  await stage.open(workshopInput({ plan: planOf(), people: attendees(1), start, queue: stage.queue, pace }));
  await stage.sleepUntil(start - MINUTE);
  expect(probes).toBe(0);
  await stage.sleepUntil(start + 7 * MINUTE);
  expect((await stage.progress()).checklist.some(({ id }) => id === 'model')).toBe(false);
  refuses = true;
  await stage.sleepUntil(start + 13 * MINUTE);
  expect(await stage.item('model')).toMatchObject({
    state: 'failed',
    evidence: 'It refuses with 429.',
    toDo: expect.stringMatching(/^Wait\./) as unknown,
  });
  await stage.sleepUntil(start + 27 * MINUTE);
  refuses = false;
  await stage.sleepUntil(start + 33 * MINUTE);
  const { state, evidence } = await stage.item('model');
  expect([state, evidence]).toEqual([
    'passed',
    expect.stringMatching(/^it answers again; It refuses with 429\. That lasted \d+ min\.$/),
  ]);
  expect(stage.told.notices.filter((name) => name === 'model-refuses')).toHaveLength(1);
  await stage.report();
  expect(probes).toBeGreaterThan(20);
});

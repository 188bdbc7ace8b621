import { expect, test } from 'vitest';
import type { AppsAtEnd, RunningApp } from '../../../src/domain/replayed/ending/apps-at-end.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, HOUR, planOf, timelineAround, workshopInput } from '../stage/workshop-input.ts';

test('what people’s apps cost is counted while they work, and they are told to end only afterwards', async () => {
  let start = Infinity;
  const wanted: AppsAtEnd['afterwards'][] = [];
  const roomFor: number[] = [];
  const stage = await openStage({
    change: (_, { clock }) => ({
      checkAppRoom: async (_run, { people }) => (roomFor.push(people), 'there is room'),
      endApps: async (_run, { plan }): Promise<AppsAtEnd> => {
        const { afterwards } = plan.apps;
        wanted.push(afterwards);
        const isMade = (await clock.now()) > start;
        const ran: RunningApp[] = isMade ? [{ name: 'ann-app', madeAt: start, size: 1 }] : [];
        const state = afterwards === 'keep' ? 'ACTIVE' : 'STOPPED';
        const there = ran.map(({ name }) => ({ name, creator: 'ann@example.com', state }));
        return { afterwards, names: ran.map(({ name }) => name), there, refused: [], ran };
      },
    }),
  });
  start = (await stage.clock.now()) + 2 * HOUR;
  const end = start + 1.5 * HOUR;
  const timeline = { ...timelineAround(start), end, teardown: end };
  await stage.open(
    workshopInput({
      plan: planOf({ testers: ['tess@example.com'] }),
      people: attendees(2),
      start,
      timeline,
      queue: stage.queue,
    }),
  );
  await stage.sleepUntil(start + HOUR);
  // Testers who are not on the roster build none.
  expect([...new Set(roomFor)]).toEqual([2]);
  const { beside } = await stage.progress();
  expect(beside?.appsUpMs).toBeGreaterThanOrEqual(0.7 * HOUR);
  expect(beside?.appsUpMs).toBeLessThanOrEqual(HOUR);
  expect(new Set(wanted)).toEqual(new Set(['keep']));
  const report = await stage.report();
  // The thank-you letters count once more what there is, about then.
  expect(wanted).toContain('stop');
  expect(report.apps).toMatchObject({ made: 1, running: [] });
});

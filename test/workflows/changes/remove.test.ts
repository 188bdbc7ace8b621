import { expect, test } from 'vitest';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, DAY, planOf, workshopInput } from '../stage/workshop-input.ts';

test('whoever is removed loses what is theirs at once, stays away, and may come back as somebody new', async () => {
  const stage = await openStage();
  const people = attendees(3);
  const [first = '', second = ''] = people;
  const start = (await stage.clock.now()) + 3 * DAY;
  await stage.open(workshopInput({ plan: planOf(), people, start, queue: stage.queue }));
  await stage.sleepUntil(start - 2 * DAY);
  expect((await stage.progress()).attendees.byState).toEqual({ parked: 3 });
  const seatOf = async (email: string) => (await stage.roster()).find((seat) => seat.email === email);
  const before = (await seatOf(first))?.cluster?.id ?? '';

  const remove = (emails: readonly string[]) => stage.update('removeAttendees', { emails, by: 'Ann' });
  expect(await remove([first, second, 'stranger@example.com'])).toEqual({
    recorded: '2 removed by Ann; 1 have no seat here, or not yet',
    removed: [first, second],
    unknown: ['stranger@example.com'],
  });
  await stage.soon(async () => {
    expect((await seatOf(first))?.state).toBe('released');
    expect((await seatOf(second))?.state).toBe('released');
  });
  expect(stage.workspace.clusters.has(before)).toBe(false);
  expect((await stage.progress()).attendees).toMatchObject({ attendees: 1, byState: { parked: 1 } });
  expect(
    stage.told.letters
      .filter(({ about }) => about === 'taken out')
      .map(({ email }) => email)
      .toSorted(),
  ).toEqual([first, second]);

  expect(await stage.update('addAttendees', { emails: [first], by: 'Ann' })).toMatchObject({ added: [first] });
  await stage.soon(async () => {
    expect(await seatOf(first)).toMatchObject({ state: 'parked', generation: 2 });
  });
  expect((await seatOf(first))?.cluster?.id).not.toBe(before);

  await stage.sleepUntil(start);
  expect((await stage.progress()).attendees).toMatchObject({ attendees: 2, everReady: 2, byState: { ready: 2 } });
  const report = await stage.report();
  expect(report).toMatchObject({
    attendees: { total: 2, ready: 2, failed: 0, removed: 2 },
    proof: { clusters: 0, pools: 0 },
  });
});

import { expect, test, vi } from 'vitest';
import { notEndedYet } from '../../../src/domain/replayed/ending/apps-at-end.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { ANN, BEN, cohortOf, openSetting } from '../setting.ts';

const STRANGER = 'stranger@example.com';
const HOUR = 3_600_000;

const seatOf = (email: string) => newSeat(`k-${email}`, email, 'attendee', 1);

/** Ann and Ben of the workshop have an app each that runs, and so has somebody else. */
async function workshopWithApps(afterwards: 'keep' | 'stop' | 'delete') {
  const setting = await openSetting({
    people: [ANN, BEN, STRANGER],
    // As directories write them.
    temporal: cohortOf(() => [ANN.toUpperCase(), BEN].map(seatOf)),
    plan: { apps: { way: 'each', teamSize: 5, showcase: 5, afterwards } },
  });
  const { sandbox, admin } = setting;
  const make = async (name: string, who: string) => {
    const answer = await fetch(`${sandbox.url}/api/2.0/apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.tokenFor(who)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    expect(answer.status).toBe(200);
  };
  await make('ann-app', ANN);
  await make('ben-app', BEN);
  await make('ann-s-own', STRANGER);
  const states = async () => {
    const found: Record<string, string | undefined> = {};
    for await (const { name, compute_status: status } of admin.apps.list()) found[name] = status?.state;
    return found;
  };
  await vi.waitFor(async () => expect(Object.values(await states())).toEqual(Array(3).fill('ACTIVE')), 20_000);
  const look = (dayOf = Date.now() - HOUR, known: readonly string[] = []) =>
    setting.activities.endApps(setting.run, { plan: setting.plan, timeline: { dayOf }, cohorts: 1, known });
  return { look, states };
}

test.each(['keep', 'stop', 'delete'] as const)('%s: people’s apps only, whatever else is there', async (afterwards) => {
  const { look, states } = await workshopWithApps(afterwards);
  const first = await look();
  expect(first.names).toEqual(['ann-app', 'ben-app']);
  expect(first.refused).toEqual([]);
  expect(first.ran?.map(({ name, size }) => [name, size])).toEqual([
    ['ann-app', 1],
    ['ben-app', 1],
  ]);
  const wanted = { keep: 'ACTIVE', stop: 'STOPPED', delete: undefined }[afterwards];
  await vi.waitFor(
    async () => {
      const last = await look(undefined, first.names);
      expect(notEndedYet(last)).toEqual([]);
      expect(last.names).toEqual(['ann-app', 'ben-app']);
    },
    { timeout: 20_000 },
  );
  expect(await states()).toMatchObject({ 'ann-s-own': 'ACTIVE' });
  expect([(await states())['ann-app'], (await states())['ben-app']]).toEqual([wanted, wanted]);
});

test('what was there before the day is nobody’s to end', async () => {
  const { look, states } = await workshopWithApps('delete');
  expect(await look(Date.now() + HOUR)).toEqual({ afterwards: 'delete', names: [], there: [], refused: [], ran: [] });
  expect(Object.keys(await states())).toHaveLength(3);
});

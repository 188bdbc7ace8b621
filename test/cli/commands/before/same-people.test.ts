import { expect, it } from 'vitest';
import { samePeopleElsewhere } from '../../../../src/cli/commands/before/same-people.ts';
import type { PlanInForce } from '../../../../src/domain/replayed/checklist/plan-in-force.ts';
import { newSeat } from '../../../../src/domain/replayed/seat/seat.ts';
import type { KnownWorkshop } from '../../../../src/reader.ts';

const HOUR = 3_600_000;
const PLANNED = { id: 'spring', people: ['ann@example.com', 'bo@example.com'], timeline: { start: 0, end: 4 * HOUR } };

/** Other workshops: when they begin, and with whom. */
function reader(others: Readonly<Record<string, { start: number; people: readonly string[] } | 'silent'>>) {
  const of = (id: string) => {
    const other = others[id];
    if (other === undefined || other === 'silent') throw new Error('no worker answers');
    return other;
  };
  return {
    workshops: async () =>
      Object.keys(others).map((id): KnownWorkshop => ({
        id,
        runId: id,
        state: 'running',
        startedAt: 0,
        memo: async () => ({}),
      })),
    planInForce: async (id: string) =>
      ({ timeline: { start: of(id).start, end: of(id).start + 2 * HOUR } }) as PlanInForce,
    roster: async (id: string) => of(id).people.map((email) => newSeat(email, email, 'attendee', 0)),
  };
}

it('the same people in two workshops at the same time are named, with the other id', async () => {
  const people = ['bo@example.com', 'cleo@example.com'];
  expect(
    await samePeopleElsewhere(
      reader({
        spring: { start: 0, people },
        autumn: { start: HOUR, people },
        later: { start: 4 * HOUR, people },
        others: { start: HOUR, people: ['dora@example.com'] },
        silent: 'silent',
      }),
      PLANNED,
    ),
  ).toEqual([
    'At the same time in the workshop "autumn" too: bo@example.com. Move one of the two, or take them off one roster.',
  ]);
});

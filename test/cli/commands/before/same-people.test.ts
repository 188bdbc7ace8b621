import { expect, it } from 'vitest';
import { samePeopleElsewhere } from '../../../../src/cli/commands/before/same-people.ts';
import type { PlanInForce } from '../../../../src/domain/replayed/checklist/plan-in-force.ts';
import { newSeat } from '../../../../src/domain/replayed/seat/seat.ts';
import type { KnownWorkshop } from '../../../../src/reader.ts';

const HOUR = 3_600_000;
const PLANNED = {
  id: 'spring',
  people: ['ann@example.com', 'bo@example.com'],
  timeline: { start: 0, end: 4 * HOUR },
  timeZone: 'UTC',
};

/** Other workshops: when they begin, and with whom. */
interface Other {
  readonly start: number;
  readonly people: readonly string[];
  readonly event?: string;
}

function reader(others: Readonly<Record<string, Other | 'silent'>>, asked: string[] = []) {
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
        memo: async () => {
          const other = others[id];
          return typeof other === 'object' && other.event ? { about: { event: other.event } } : {};
        },
      })),
    planInForce: async (id: string) =>
      ({
        timeline: { start: of(id).start, end: of(id).start + 2 * HOUR },
        plan: { timeZone: 'Europe/Berlin' },
        cohorts: 1,
      }) as PlanInForce,
    roster: async (id: string, cohorts?: number) => {
      asked.push(`${id} ${cohorts}`);
      return of(id).people.map((email) => newSeat(email, email, 'attendee', 0));
    },
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
    'At the same time in the workshop "autumn" too: bo@example.com. "autumn" is Thu 01 Jan 1970, 02:00 ' +
      'Europe/Berlin to Thu 01 Jan 1970, 04:00 Europe/Berlin, and "spring" Thu 01 Jan 1970, 00:00 UTC to ' +
      'Thu 01 Jan 1970, 04:00 UTC. Move one of the two, or take them off one roster.',
  ]);
});

it('asks no other part of the same event, and for the people of those at the same hours alone', async () => {
  const asked: string[] = [];
  const people = ['bo@example.com'];
  const others = {
    south: { start: HOUR, people, event: 'spring-event' },
    later: { start: 4 * HOUR, people },
    autumn: { start: HOUR, people, event: 'another' },
  };
  const said = await samePeopleElsewhere(reader(others, asked), { ...PLANNED, event: 'spring-event' });
  expect(said).toHaveLength(1);
  expect(asked).toEqual(['autumn 1']);
});

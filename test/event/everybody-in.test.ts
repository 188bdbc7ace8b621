import { expect, it } from 'vitest';
import type { PlanInForce } from '../../src/domain/replayed/checklist/plan-in-force.ts';
import { newSeat } from '../../src/domain/replayed/seat/seat.ts';
import { everybodyIn } from '../../src/event/everybody-in.ts';

/** A workshop of three, of whom one more has a seat each time that somebody asks. */
function filling(from: number) {
  let seated = from;
  return {
    planInForce: async () => ({ people: 3, cohorts: 1 }) as PlanInForce,
    roster: async () => {
      seated += 1;
      return Array.from({ length: seated }, (_, n) => newSeat(`k${n}`, `p${n}@example.com`, 'attendee', 1));
    },
  };
}

it('waits until everybody has a seat', async () => {
  expect(await everybodyIn(filling(1), 'spring-north')).toHaveLength(3);
});

it('is refused where that takes too long', async () => {
  await expect(everybodyIn(filling(0), 'spring-north', 0)).rejects.toThrow(
    'Only 1 of 3 people in "spring-north" have their seat yet',
  );
});

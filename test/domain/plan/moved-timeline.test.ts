import { describe, expect, it } from 'vitest';
import { movedTimeline, timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { examplePlan } from './example-plan.ts';

const plan = { ...examplePlan(), timeZone: 'Europe/Berlin' };

describe('a start that is moved', () => {
  it.each(['2027-03-16T09:00', '2027-03-30T13:30', '2027-11-02T08:15'])(
    'has the moments of a plan that says so from the beginning, whatever the clocks do: %s',
    (start) => {
      const moved = movedTimeline(timelineOf({ ...plan, start: '2027-03-26T09:00' }), plan.timeZone, start);
      expect(moved).toEqual(timelineOf({ ...plan, start }));
    },
  );

  it('is read with a space too', () => {
    const timeline = timelineOf(plan);
    expect(movedTimeline(timeline, plan.timeZone, ' 2027-03-30 13:30 ')).toEqual(
      movedTimeline(timeline, plan.timeZone, '2027-03-30T13:30'),
    );
  });

  it.each(['tomorrow', '2027-03-30', '9:00', '2027-13-30T09:00'])('%s is refused', (start) => {
    expect(() => movedTimeline(timelineOf(plan), plan.timeZone, start)).toThrow(RangeError);
  });
});

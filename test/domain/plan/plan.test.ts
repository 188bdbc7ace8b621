import { describe, expect, test } from 'vitest';
import { planSchema } from '../../../src/domain/plan/plan.ts';
import { examplePlan, exampleWith, lineWith, shortestText } from './example-plan.ts';
import { only } from './refused-plan.ts';

describe('fields that are right by themselves and not together', () => {
  test('an agenda that does not fit', () => {
    expect(only(exampleWith(['length: 4h', 'length: 1h']))).toMatchObject({
      field: 'agenda',
      message: expect.stringContaining('3 h 20 min') as string,
    });
  });

  test('a start that the clocks skip, elsewhere', () => {
    expect(
      only(exampleWith(['2027-03-16T09:00', '2027-03-14T02:30'], ['Europe/Berlin', 'America/New_York'])),
    ).toMatchObject({ field: 'start', message: expect.stringContaining('skip that time') as string });
    expect(examplePlan(['2027-03-16T09:00', '2027-03-14T02:30']).start).toBe('2027-03-14T02:30');
  });

  test('a start that the clocks show twice is allowed', () => {
    expect(examplePlan(['2027-03-16T09:00', '2027-10-31T02:30']).start).toBe('2027-10-31T02:30');
  });

  test.each([
    ['length: 1h', 'length', 'is shorter than the agenda, which takes 3 h 20 min when it is not written'],
    ['unityCatalog: { scripts: main.default.workshop_logs }', 'unityCatalog.scripts', 'is the volume of the logs too'],
    ['offsets: { dayBefore: 8d }', 'offsets.dayBefore', 'comes before oneWeekBefore (7d, also when it is not written)'],
    [
      'offsets: { oneWeekBefore: 12h }',
      'offsets.oneWeekBefore',
      'comes after dayBefore (1d, also when it is not written)',
    ],
  ])('%s clashes with what nobody wrote: the problem is at what somebody did', (line, field, message) => {
    const text = `${shortestText}${line}\n`;
    const problem = only(text);
    expect(problem).toMatchObject({ field, line: lineWith(text, line) });
    expect(problem.message).toContain(message);
  });
});

test('the schema itself stays usable without a file', () => {
  expect(planSchema.safeParse({}).success).toBe(false);
});

import { expect, test } from 'vitest';
import { readPlan } from '../../../src/domain/plan/plan-file.ts';
import { shortestText } from './example-plan.ts';

const read = (place: string) => readPlan(`${shortestText}feedback: "${place}"\n`, 'workshop.yaml');

test.each(['https://forms.example.com/r/abc?lang=de', 'us@example.com'])('%s may be where people answer', (place) => {
  const reading = read(place);
  expect(reading.ok && reading.plan.feedback).toBe(place);
});

test.each(['http://forms.example.com', 'javascript:alert(1)', 'nobody', 'https://forms.example.com/a b', ''])(
  '%j is refused, with what to write',
  (place) => {
    const reading = read(place);
    expect(reading.ok ? [] : reading.problems).toEqual([
      expect.objectContaining({ field: 'feedback', message: expect.stringMatching(/https:\/\/ address/) as unknown }),
    ]);
  },
);

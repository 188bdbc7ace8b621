import { expect, test } from 'vitest';
import { parseDuration, parseOffset } from '../../../../src/domain/plan/duration.ts';
import { formatDuration } from '../../../../src/domain/replayed/time/format-duration.ts';

test.each([
  ['14d', 14, 0],
  ['4h', 0, 14_400_000],
  ['1h30m', 0, 5_400_000],
  ['1h 30m', 0, 5_400_000],
  ['1d 2h', 1, 7_200_000],
  [' 20 M ', 0, 1_200_000],
  ['45s', 0, 45_000],
  ['0m', 0, 0],
])('%s', (text, days, ms) => {
  expect(parseOffset(text)).toEqual({ days, ms });
});

test.each(['', ' ', '4', '-4h', '4 hours', '1m1h', '1 4h', '1.5h', 'h', `${'9'.repeat(400)}h`])(
  '"%s" is refused',
  (text) => {
    expect(() => parseOffset(text)).toThrow(/is not a duration: write it like/);
  },
);

test('an exact span refuses days, and a long text is not repeated whole', () => {
  expect(() => parseDuration('1d')).toThrow(/counts in days/);
  expect(() => parseDuration('x'.repeat(10_000))).toThrow(/^.{0,120}$/);
});

test('durations for people', () => {
  expect([45_000, 90_000, 600_000, 7_500_000, 14_400_000, 14 * 86_400_000].map(formatDuration)).toEqual([
    '45 s',
    '1 min 30 s',
    '10 min',
    '2 h 05 min',
    '4 h',
    '14 days',
  ]);
});

import { expect, test } from 'vitest';
import { letterIsDue, nextStep } from '../../../../src/domain/replayed/seat/next-step.ts';
import { setBack, settled, writtenTo } from '../../../../src/domain/replayed/seat/transitions.ts';
import { ann, NOT_YET, NOW, person, PREPARED } from './sample-seats.ts';

const onTheDay = () =>
  settled(
    ann({
      target: 'ready',
      person,
      access: true,
      letter: 'c1',
      readyAt: NOW,
      proof: { kind: 'attendee', at: NOW, ok: true, said: 'well' },
      cluster: { id: 'c1', name: 'one', state: 'RUNNING', shared: true, verified: true, launchedAt: 0, option: 0 },
    }),
    NOW,
  );

test('a start on a later day: a running cluster is saved and stopped, whatever has to be tried first', () => {
  const seat = setBack(onTheDay(), 'prepared', NOW + 1);
  expect(seat.readyAt).toBeUndefined();
  expect(nextStep(seat, PREPARED, NOW + 2)).toBe('save');
  expect(nextStep(seat, NOT_YET, NOW + 2)).toBe('save');
  const saved = { ...seat, saved: { state: 'nothing', at: NOW + 2, files: 0, said: 'nothing' } as const };
  expect(nextStep(saved, NOT_YET, NOW + 3)).toBe('stop');
});

test('less is never wanted by accident: only a target that is lower sets a seat back', () => {
  const seat = onTheDay();
  expect(setBack(seat, 'ready', NOW)).toBe(seat);
});

test('a moved start is one more letter, once', () => {
  const seat = writtenTo(onTheDay(), 'c1', 1);
  const rules = { ...PREPARED, startTold: 2 };
  expect(letterIsDue(seat, PREPARED, NOW)).toBe(false);
  expect(letterIsDue(seat, rules, NOW)).toBe(true);
  expect(letterIsDue(writtenTo(seat, 'c1', 2), rules, NOW)).toBe(false);
});

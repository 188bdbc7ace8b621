import { describe, expect, test } from 'vitest';
import { judge, judgeMinimum, poolNeeded, type Found } from '../../../../src/domain/replayed/ending/reaping.ts';

const HOUR = 3_600_000;
const END = Date.parse('2027-03-16T14:00:00Z');
const found = (standing: Found['standing'], hoursLate: number, remains = 0, speed = 1, peopleRun = false) =>
  judge({ id: 'spring', standing, remains, peopleRun, now: END + (hoursLate * HOUR) / speed, teardownAt: END, speed });

describe('while the lifecycle runs', () => {
  test.each([
    [-300, 'nothing'],
    [0, 'nothing'],
    [1.9, 'nothing'],
    [2.1, 'alarm'],
    [5.9, 'alarm'],
    [6.1, 'teardown'],
  ] as const)('%s hours after its end: %s', (hours, act) => {
    expect(found('running', hours).act).toBe(act);
    // A fast clock's hours are shorter.
    expect(found('running', hours, 0, 60).act).toBe(act);
  });
});

describe('when the lifecycle is gone', () => {
  test('before its end nothing is removed: that is an alarm, with the one command that resumes', () => {
    for (const standing of ['closed', 'none'] as const) {
      expect(found(standing, -24, 140)).toMatchObject({
        act: 'alarm',
        kind: 'gone',
        toDo: expect.stringContaining('bin/workshop start <plan> --adopt'),
      });
    }
  });

  test('one that never began, before its end, is an alarm too', () => {
    expect(found('none', -24, 0).act).toBe('alarm');
  });

  test("nothing is there yet but its people's workflows: an alarm before the end, a removal after it", () => {
    expect(found('closed', -24, 0, 1, true)).toMatchObject({
      act: 'alarm',
      kind: 'gone',
      toDo: expect.stringContaining('bin/workshop teardown spring --execute'),
    });
    expect(found('closed', 1, 0, 1, true)).toMatchObject({
      act: 'teardown',
      because: expect.stringContaining('people'),
    });
  });

  test('cancelled early and nothing left: the reaper is not needed any more', () => {
    expect(found('closed', -24, 0).act).toBe('retire');
  });

  test('after its end what is left is removed; when nothing is, the reaper retires', () => {
    for (const standing of ['closed', 'none'] as const) {
      expect(found(standing, 0, 3)).toMatchObject({ act: 'teardown', because: expect.stringContaining('3') });
      expect(found(standing, 0, 0).act).toBe('retire');
    }
  });
});

describe("a pool's minimum beside a lifecycle that is there", () => {
  const needed = poolNeeded({ dayOf: END - 5 * HOUR, end: END }, 5, 1);
  const verdict = (standing: Found['standing'], hours: number, min = 140) =>
    judgeMinimum({ standing, min, now: END + hours * HOUR, needed });

  test('before the day and after the end one that stays up is lowered, whoever forgot it', () => {
    for (const hours of [-300, -9, 0, 100]) {
      expect(verdict('running', hours)).toBe('lower if it stays');
      expect(verdict('stuck', hours)).toBe('lower');
      expect(verdict('running', hours, 0)).toBe('leave');
    }
  });

  test('on the day one that runs is left alone; one that is stuck lets nobody have the machines', () => {
    for (const hours of [-8, -4.5, -0.1]) {
      expect(verdict('running', hours)).toBe('leave');
      expect(verdict('stuck', hours)).toBe('lower, and let them wait');
      // Spares are for people who have theirs already.
      expect(verdict('stuck', hours, 5)).toBe('leave');
    }
  });
});

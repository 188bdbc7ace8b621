import { expect, test } from 'vitest';
import { readInitLog } from '../../../src/domain/logs/init-log.ts';

const BEGIN =
  '2027-03-16T08:00:00Z +0s init script on workshop-ann (0316-080000-abcdefgh), driver: TRUE, node type: x, ' +
  'Linux\nsomething of tar\n';

test('a log that ended well', () => {
  expect(readInitLog(`${BEGIN}2027-03-16T08:00:09Z +9s done in 9 s\n`)).toEqual({
    done: true,
    at: Date.parse('2027-03-16T08:00:09Z'),
    said: 'done in 9 s',
  });
});

test('one that failed, whatever was said afterwards', () => {
  expect(
    readInitLog(
      `${BEGIN}2027-03-16T08:00:02Z +2s FAILED (20): The bundle is missing.\n2027-03-16T08:00:03Z +3s no copy of ` +
        'this log in /x\n',
    ),
  ).toMatchObject({ done: false, said: 'FAILED (20): The bundle is missing.' });
});

test('one that is not at its end, and what is no such log', () => {
  expect(readInitLog(BEGIN)).toMatchObject({ done: false });
  expect(readInitLog('')).toBeUndefined();
  expect(readInitLog('<html>')).toBeUndefined();
});

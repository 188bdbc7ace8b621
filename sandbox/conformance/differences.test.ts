import { describe, expect, test } from 'vitest';
import { differences } from './differences.ts';

describe('an answer fits a golden', () => {
  test.each([
    ['with values that are the same', { a: 1, b: ['x'], c: null }, { a: 1, b: ['x'], c: null }],
    ['with more fields than named', { a: 1 }, { a: 1, b: 2 }],
    [
      'with values of the kind that is asked for',
      { id: '<cluster-id>', at: '<epoch-ms>' },
      { id: '0316-090000-abcd1234', at: 1_805_187_600_000 },
    ],
    [
      'with a placeholder inside of a text',
      'Cluster <cluster-id> does not exist',
      'Cluster 0316-090000-abcd1234 does not exist',
    ],
    ['with any text, over lines too', 'Error: <any> (400)', 'Error: a\nb (400)'],
    ['with an angle bracket that is no placeholder', 'use <profile>', 'use <profile>'],
    ['without a field that is to be absent', { a: '<absent>' }, {}],
    ['whose list holds what is asked for', { $contains: [{ a: 2 }] }, [{ a: 1 }, { a: 2 }]],
    ['whose every item is like it', { $each: { a: '<number>' } }, [{ a: 1 }, { a: 2 }]],
  ])('%s', (_, golden, actual) => {
    expect(differences(golden, actual)).toEqual([]);
  });

  test('with a value that was kept, taken literally', () => {
    expect(differences('id <=one>.', 'id a.c.', { one: 'a.c' })).toEqual([]);
    expect(differences('id <=one>.', 'id abc.', { one: 'a.c' })).toHaveLength(1);
  });
});

describe('an answer does not fit a golden', () => {
  test.each([
    ['another value', { a: 1 }, { a: 2 }, 'answer.a is 2, expected 1'],
    [
      'a number that is a text',
      { a: '<epoch-ms>' },
      { a: '1805187600000' },
      'answer.a is not <epoch-ms>: "1805187600000"',
    ],
    ['a text that is a number', { a: '<id>' }, { a: 7 }, 'answer.a is not <id>: 7'],
    ['a missing field', { a: '<any>' }, {}, 'answer.a is missing, expected "<any>"'],
    ['a field too many', { a: 1, $only: true }, { a: 1, b: 2 }, 'answer.b is more than there should be: 2'],
    ['a field that should be absent', { a: '<absent>' }, { a: null }, 'answer.a is there: null'],
    ['a text that goes on', 'Gone', 'Gone!', 'answer is "Gone!", expected "Gone"'],
    ['a dot that is another sign', 'a.b', 'axb', 'answer is "axb", expected "a.b"'],
    ['a longer list', [1], [1, 2], 'answer has 2 items, expected 1: [1,2]'],
    ['a list without it', { $contains: [3] }, [1], 'answer holds no 3: [1]'],
    ['an empty list', { $each: 1 }, [], 'answer is empty'],
    ['no list', [1], { 0: 1 }, 'answer is no list: {"0":1}'],
    ['no object', { a: 1 }, null, 'answer is no object: null'],
    ['a name from Object itself', '<constructor>', 'x', 'answer is "x", expected "<constructor>"'],
  ])('%s', (_, golden, actual, sentence) => {
    expect(differences(golden, actual)).toEqual([sentence]);
  });
});

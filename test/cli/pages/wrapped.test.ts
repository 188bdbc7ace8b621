import { expect, test } from 'vitest';
import { columnsOf } from '../../../src/cli/pages/wrapped.ts';

test('a terminal that does not know its width is as wide as most', () => {
  expect([columnsOf({}), columnsOf({ columns: 0 }), columnsOf({ columns: 60 }), columnsOf({ columns: 300 })]).toEqual([
    80, 80, 60, 120,
  ]);
});

import { expect, test } from 'vitest';
import { isSeat, whatIsWrong } from '../../../../src/domain/replayed/seat/seat.ts';
import { ann, settled } from './sample-seats.ts';

test('what is wrong with a seat is known while it is tried again, and forgotten when it is well', () => {
  const last = { class: 'stockout', cause: 'no machine', toDo: 'wait', remedy: 'other-node-type' } as const;
  expect(whatIsWrong(ann({ state: 'creating', failures: 1, lost: { launches: 1, last } }))).toBe(last);
  expect(whatIsWrong(ann({ state: 'ready', failures: 0, lost: { launches: 1, last } }))).toBeUndefined();
});

test('what is not a seat is told apart', () => {
  expect(isSeat(JSON.parse(JSON.stringify(settled('ready', 'RUNNING'))))).toBe(true);
  for (const other of [undefined, 7, {}, { ...ann(), target: 'the moon' }, { ...ann(), cluster: { id: 1 } }])
    expect(isSeat(other)).toBe(false);
});

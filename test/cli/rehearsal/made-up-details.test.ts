import { expect, test } from 'vitest';
import { madeUpDetails } from '../../../src/cli/rehearsal/people/made-up-details.ts';
import { rehearsalPeople } from '../../../src/cli/rehearsal/rehearsal-plan.ts';

test('made-up people have names of their own, and sit at tables of eight', () => {
  const people = rehearsalPeople(2_000);
  const details = Object.values(madeUpDetails(people));
  expect(new Set(details.map(({ name }) => name)).size).toBe(2_000);
  expect(details.slice(0, 17).map(({ table }) => table)).toEqual('11111111222222223'.split(''));
  expect(madeUpDetails(people)).toEqual(madeUpDetails(people));
});

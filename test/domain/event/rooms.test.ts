import { expect, it } from 'vitest';
import { roomOf } from '../../../src/domain/event/rooms.ts';
import type { Bounds } from '../../../src/domain/plan/several/event-plan.ts';
import { examplePlan } from '../plan/example-plan.ts';

const room = (bounds: Bounds, ...changes: readonly (readonly [string, string])[]) =>
  roomOf({ plan: examplePlan(...changes), bounds });
const EACH: readonly [string, string] = ['  way: local', '  way: each'];
const TEAM: readonly [string, string] = ['  way: local', '  way: team\n  teamSize: 4'];

it('nothing bounds a workspace of which nothing is said', () => {
  expect(room({})).toEqual({ most: Infinity, because: 'nothing bounds it' });
});

it.each([
  ['what its entry says', room({ people: 12 }), 12],
  // The example's pool holds 10 more machines than people.
  ['a subnet, less what the pool holds beyond one for everyone', room({ subnet: 25 }), 123 - 10],
  ['a subnet that is smaller than the margin', room({ subnet: 26 }, ['margin: 10', 'margin: 60']), 0],
  ['a quota in vCPUs, of which a machine takes four', room({ vCpus: 200 }), 50 - 10],
  ['100 apps, where everybody makes one', room({}, EACH), 100],
  ['100 apps, where each team of four makes one', room({}, TEAM), 400],
  ['the tightest of them', room({ people: 90, subnet: 25, vCpus: 320 }, EACH), 70],
])('%s', (_what, { most }, expected) => {
  expect(most).toBe(expected);
});

it('says what bounds it', () => {
  expect(room({ subnet: 25 }).because).toBe('two subnets of /25 have 123 addresses, 10 of them for the margin');
  expect(room({ vCpus: 203 }).because).toBe('its quota of 203 vCPUs is 50 machines, 10 of them for the margin');
});

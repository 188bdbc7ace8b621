import { expect, it } from 'vitest';
import { nearIds } from '../../../src/cli/which/near-ids.ts';

const IDS = ['spring-apps', 'autumn-apps', 'berlin-2027', 'x'];

it.each([
  ['sprng-apps', ['spring-apps']],
  ['spirng-apps', ['spring-apps']],
  ['Spring_Apps', ['spring-apps']],
  ['workshop/spring-apps', ['spring-apps']],
  ['spring', ['spring-apps']],
  ['apps', ['spring-apps', 'autumn-apps']],
  ['berlin-2026', ['berlin-2027']],
  ['something-else', []],
])('whoever typed %s may have meant %j', (typed, meant) => {
  expect(nearIds(typed, IDS)).toEqual(meant);
});

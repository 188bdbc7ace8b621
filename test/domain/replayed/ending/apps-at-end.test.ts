import { expect, test } from 'vitest';
import {
  appsInWords,
  notEndedYet,
  runningApps,
  type AppsAtEnd,
} from '../../../../src/domain/replayed/ending/apps-at-end.ts';

const app = (name: string, state: string) => ({ name, creator: `${name}@example.com`, state });
const apps = (change: Partial<AppsAtEnd>): AppsAtEnd => ({
  afterwards: 'stop',
  names: ['ann', 'bo', 'cy'],
  there: [],
  refused: [],
  ...change,
});

test('what costs money runs, a state that nobody knows too', () => {
  const there = ['ACTIVE', 'STARTING', 'STOPPING', 'ERROR', 'NEW_STATE', 'STOPPED', 'DELETING'].map((state) =>
    app(state.toLowerCase(), state),
  );
  expect(runningApps({ there }).map(({ state }) => state)).toEqual([
    'ACTIVE',
    'STARTING',
    'STOPPING',
    'ERROR',
    'NEW_STATE',
  ]);
});

test('what is not as the plan wants it: nothing that is kept, what runs, or all that is there', () => {
  const there = [app('ann', 'ACTIVE'), app('bo', 'STOPPED'), app('cy', 'DELETING')];
  const open = (afterwards: AppsAtEnd['afterwards']) => notEndedYet({ afterwards, there }).map(({ name }) => name);
  expect([open('keep'), open('stop'), open('delete')]).toEqual([[], ['ann'], ['ann', 'bo', 'cy']]);
});

test.each<[Partial<AppsAtEnd>, string]>([
  [{ names: [] }, 'nobody made an app. Apps still running: 0'],
  [
    { there: [app('ann', 'STOPPED'), app('bo', 'STOPPED'), app('cy', 'STOPPED')] },
    '3 apps made by the people of the workshop: 3 stopped, startable again. Apps still running: 0',
  ],
  [
    { afterwards: 'delete', there: [app('cy', 'DELETING')] },
    '3 apps made by the people of the workshop: 2 deleted, 1 on the way out, which keeps a place for up to 20 ' +
      'minutes. Apps still running: 0',
  ],
  [
    { afterwards: 'keep', names: ['ann'], there: [app('ann', 'ACTIVE')] },
    '1 app made by the people of the workshop. Apps still running: 1: ann (ann@example.com), as the plan wants',
  ],
])('%j', (change, words) => {
  expect(appsInWords(apps(change))).toBe(words);
});

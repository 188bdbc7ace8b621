import { expect, test } from 'vitest';
import { crowdedWords, crowding, rehearsalPlan } from '../../../src/cli/rehearsal/rehearsal-plan.ts';
import { paceAt } from '../../../src/domain/replayed/time/pace.ts';

test('a crowd gives everything more time, and a few people none', () => {
  expect([1, 140, 500, 2_000].map(crowding)).toEqual([1, 1, 1, 4]);
  const launches = [140, 2_000].map((people) => paceAt(60, crowding(people)).launch);
  expect(launches).toEqual([60_000, 240_000]);
});

test('who rehearses with thousands is told how long it takes', () => {
  expect(crowdedWords(140)).toBeUndefined();
  expect(crowdedWords(2_000)).toBe('A rehearsal of 2000 people takes at least 7 minutes on two idle cores.');
});

test('the more people, the later it begins; clusters have their lead before that', async () => {
  const now = Date.parse('2027-03-16T08:00:00Z');
  const moments = async (attendees: number) =>
    (await rehearsalPlan({ attendees, workspace: 'http://127.0.0.1:1', now })).timeline;
  const [few, many] = [await moments(140), await moments(2_000)];
  expect(many.start).toBeGreaterThan(few.start);
  expect(many.start - now).toBeGreaterThan(paceAt(60, crowding(2_000)).leastLead);
});

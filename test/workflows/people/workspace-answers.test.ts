import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, DAY, HOUR, MINUTE, planOf, REAL_PACE, workshopInput } from '../stage/workshop-input.ts';

const PEOPLE = attendees(5);
/** Looks at the workspace are further apart than in a real workshop: each costs this server real time. */
const PACE = { ...REAL_PACE, recheck: HOUR };

test('refused credentials are looked at once for everybody; when they are good again, everybody goes on', async () => {
  let isRefused = true;
  let looks = 0;
  const asked: string[] = [];
  const mayAsk = () => {
    if (isRefused)
      throw ApplicationFailure.nonRetryable('HTTP 401', 'UNAUTHENTICATED', { toDo: "Renew the worker's credentials." });
  };
  const stage = await openStage({
    change: (fake) => ({
      whoAmI: async (run) => {
        looks += 1;
        mayAsk();
        return fake.whoAmI(run);
      },
      findPerson: async (run, wish) => {
        asked.push(wish.email);
        mayAsk();
        return fake.findPerson(run, wish);
      },
      lookUpPeople: async (run, wish) => {
        mayAsk();
        return fake.lookUpPeople(run, wish);
      },
    }),
  });
  const start = (await stage.clock.now()) + 6 * DAY;
  await stage.open(workshopInput({ plan: planOf(), people: PEOPLE, start, queue: stage.queue, pace: PACE }));
  await stage.soon(async () =>
    expect(await stage.item('workspace')).toMatchObject({
      state: 'failed',
      evidence: expect.stringMatching(/^5 people wait for it, and for nothing of their own: HTTP 401/),
      toDo: expect.stringContaining("Renew the worker's credentials."),
    }),
  );
  const before = { looks, asked: asked.length };
  await stage.clock.sleep(4 * HOUR + 30 * MINUTE);
  // Each for themselves they would have asked as often as all of them together look now.
  expect(looks - before.looks).toBeGreaterThanOrEqual(4);
  expect(asked.length - before.asked).toBeLessThanOrEqual(PEOPLE.length);
  // Nobody is said to be missing in a workspace that was not looked into.
  expect(await stage.item('people')).toMatchObject({
    evidence: '5 of 5 are not known yet: the workspace does not answer the worker.',
  });

  // Whoever adds somebody now is told that the workspace cannot be asked, and does not wait for it.
  const emails = ['late@example.com'];
  expect(await stage.update('lookUp', { emails })).toEqual({ silence: 'HTTP 401' });

  isRefused = false;
  expect(await stage.update('lookUp', { emails })).toEqual({ people: [{ email: emails[0], userName: emails[0] }] });
  await stage.clock.sleep(65 * MINUTE);
  await stage.soon(async () => expect((await stage.progress()).attendees.found).toBe(PEOPLE.length));
  expect(await stage.item('workspace')).toMatchObject({ state: 'passed' });
  await stage.update('cancel', { by: 'Gus', reason: 'seen enough' });
});

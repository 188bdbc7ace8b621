import { expect, test } from 'vitest';
import type { LetterRequest } from '../../../src/activities/messages/deliver-letters.ts';
import { cohortAddress, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, HOUR, planOf, workshopInput } from '../stage/workshop-input.ts';

const [ANN = '', BEN = '', CLEO = ''] = attendees(3);
const NAMES = { [ANN]: { name: 'Ann Example', table: '3' }, [BEN]: { name: 'Ben Example' }, [CLEO]: { name: 'Cleo' } };

test('names reach the letters, and outlive pages, cohorts ended by hand and a new lifecycle', async () => {
  const letters: Pick<LetterRequest, 'email' | 'details'>[] = [];
  const stage = await openStage({
    change: (fake) => ({
      deliverLetter: async (run, letter) => {
        letters.push({ email: letter.email, details: letter.details });
        return fake.deliverLetter(run, letter);
      },
    }),
  });
  const plan = planOf();
  const start = (await stage.clock.now()) + 20 * 24 * HOUR;
  const input = workshopInput({ plan, people: [ANN, BEN], start, queue: stage.queue });
  const begun = { ...input, state: { ...input.state, details: { [ANN]: NAMES[ANN] ?? {} } } };
  await stage.open(begun);
  const known = async () => Object.fromEntries((await stage.roster()).map(({ email, details }) => [email, details]));
  await stage.soon(async () => expect(await known()).toEqual({ [ANN]: NAMES[ANN], [BEN]: undefined }));

  // Ben has his seat already, and the roster with his name came later.
  await stage.update('addAttendees', { emails: [BEN, CLEO], details: { [BEN]: NAMES[BEN], [CLEO]: NAMES[CLEO] } });
  await stage.soon(async () => expect(await known()).toEqual(NAMES));

  await stage.sleepUntil(start - 15 * 24 * HOUR);
  await stage.client.workflow.getHandle(cohortAddress(plan.id, 0)).terminate('by hand');
  await stage.sleepUntil(start - 13 * 24 * HOUR);
  await stage.client.workflow.getHandle(workshopAddress(plan.id)).terminate('by hand');
  await stage.open({ ...input, state: { ...input.state, adopted: true } });
  await stage.sleepUntil(start - 24 * HOUR);
  expect(await known()).toEqual(NAMES);
  expect(Object.fromEntries(letters.map(({ email, details }) => [email, details]))).toEqual(NAMES);
});

import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { workshopAddress } from '../../src/domain/replayed/made/addresses.ts';
import { openStage } from './stage/time-skipping.ts';
import { attendees, HOUR, MINUTE, planOf, workshopInput } from './stage/workshop-input.ts';

const [ANN = '', BEN = '', CLEO = ''] = attendees(3);
const AWAKE = { autoTerminationMs: 12 * HOUR };

test('a letter, a deactivated person and a second cluster hold up nobody else, and whoever asks is heard', async () => {
  let folderIsClosed = true;
  let isBenThere = true;
  let deletes = 0;
  const stage = await openStage({
    workspace: AWAKE,
    change: (fake) => ({
      deliverLetter: async (run, letter) => {
        if (folderIsClosed && letter.email === ANN)
          throw ApplicationFailure.nonRetryable("EACCES: permission denied, open '/letters'", 'LETTER_NOT_WRITTEN', {
            toDo: 'Let the worker write that folder.',
          });
        return fake.deliverLetter(run, letter);
      },
      // Answered well, and not carried out.
      removeTwin: async (run, twin) => {
        deletes += 1;
        return deletes === 1 ? true : fake.removeTwin(run, twin);
      },
      peopleWhoChanged: async (_run, { people }) =>
        people.flatMap(({ key, email }) => (email === BEN && !isBenThere ? [key] : [])),
      findPerson: async (run, { email }) => {
        if (email === BEN && !isBenThere)
          throw ApplicationFailure.nonRetryable(`${BEN} is deactivated in this workspace.`, 'INACTIVE', {
            toDo: 'Activate the user; it is noticed by itself.',
          });
        return fake.findPerson(run, { email });
      },
    }),
  });
  const plan = planOf();
  const start = (await stage.clock.now()) + 30 * HOUR;
  await stage.open(workshopInput({ plan, people: [ANN, BEN, CLEO], start, queue: stage.queue }));
  await stage.sleepUntil(start - 28 * HOUR);
  const seatOf = async (email: string) => (await stage.roster()).find((seat) => seat.email === email);
  expect(await seatOf(ANN)).toMatchObject({
    state: 'parked',
    letterTrouble: { cause: expect.stringContaining('EACCES'), toDo: 'Let the worker write that folder.' },
  });
  expect(await stage.item('letters')).toMatchObject({
    state: 'failed',
    evidence: expect.stringMatching(/1 could not be written/),
  });

  folderIsClosed = false;
  const { recorded } = await stage.update<{ recorded: string }>('retry', { item: 'letters', by: 'Gus' });
  expect(recorded).toBe('letters: tried again now; every person whose seat failed is tried again now, for Gus');
  await stage.soon(async () => {
    const ann = await seatOf(ANN);
    expect([ann?.letter, ann?.letterTrouble]).toEqual([ann?.cluster?.id, undefined]);
  });
  // Heard in every state of a line, and for one person.
  const heard = async (item: string) => (await stage.update<{ recorded: string }>('retry', { item })).recorded;
  expect(await heard(ANN)).toBe(`${ANN}: tried again for somebody`);
  // Nobody has failed: nobody is refused, and it is said.
  expect(await heard('all')).toMatch(
    /^tried again now: \d lines? that failed.*, 0 people whose seat failed.*, for somebody$/,
  );
  expect(await heard('clusters')).toMatch(/^clusters: begins with "day of"; every person whose seat failed/);

  isBenThere = false;
  const cleo = await seatOf(CLEO);
  await stage.sleepUntil(start);
  expect(await seatOf(BEN)).toMatchObject({ state: 'failed', diagnosis: { class: 'INACTIVE' } });
  await stage.soon(async () => expect((await stage.progress()).attendees.byState.failed).toBe(1));
  expect(await heard('all')).toMatch(
    /^tried again now: \d lines? that failed.*, 1 person whose seat failed.*, for somebody$/,
  );
  const benAt = stage.workspace.all(await stage.clock.now()).find(({ userName }) => userName === BEN);
  // Once when it was made, and not on the day.
  expect(benAt).toMatchObject({ launches: 1, state: 'TERMINATED' });

  const { id: twin } = stage.workspace.create(await stage.clock.now(), {
    name: 'carried out late',
    key: cleo?.key ?? '',
    runId: `run-${plan.id}`,
    userName: CLEO,
  });
  await stage.soon(async () => {
    expect(stage.workspace.removed).toContain(twin);
  });
  expect((await seatOf(CLEO))?.cluster).toMatchObject({ id: cleo?.cluster?.id, state: 'RUNNING' });
});

test.each([
  ['without another canary', {}, { state: 'waived', evidence: expect.stringMatching(/^left out: the day has begun/) }],
  ['before the canary that was cut short has passed', { canaryId: 'cut-short' }, { state: 'failed' }],
])('a run that is taken over in the event is repaired %s', async (_, known, canary) => {
  let taken = false;
  const stage = await openStage({
    workspace: AWAKE,
    change: (fake) => ({
      awaitCluster: async (run, wish) => {
        if (taken) throw ApplicationFailure.nonRetryable('the canary died of a stockout', 'CANARY_DIED');
        return fake.awaitCluster(run, wish);
      },
    }),
  });
  const plan = planOf();
  const start = (await stage.clock.now()) + HOUR;
  const input = workshopInput({ plan, people: [ANN, BEN], start, queue: stage.queue });
  await stage.open(input);
  await stage.sleepUntil(start + 10 * MINUTE);
  await stage.client.workflow.getHandle(workshopAddress(plan.id)).terminate('by hand');
  taken = true;
  await stage.open({ ...input, state: { ...input.state, adopted: true, ...known } });
  await stage.sleepUntil(start + 20 * MINUTE);
  expect(await stage.item('canary')).toMatchObject(canary);

  const before = (await stage.roster()).find(({ email }) => email === ANN)?.cluster?.id ?? '';
  stage.workspace.remove(before);
  await stage.soon(async () => {
    const ann = (await stage.roster()).find(({ email }) => email === ANN);
    expect(ann).toMatchObject({ state: 'ready', clusters: 2 });
    expect(ann?.cluster?.id).not.toBe(before);
  });
});

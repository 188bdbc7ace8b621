import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { Activities } from '../../../src/activities/index.ts';
import type { WordsFromRoom } from '../../../src/activities/messages/words-from-room.ts';
import { openStage } from '../stage/time-skipping.ts';
import { DAY } from '../stage/workshop-input.ts';
import { openRoom } from './open-room.ts';

const refusalOf = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => 'it was taken',
    (error: unknown) => ((error as Error).cause as Error).message,
  );

it('keeps hands in their order, gives each to one helper, and refuses what cannot be in words', async () => {
  const { ask, room } = await openRoom(await openStage());
  expect(await ask('raiseHand', { key: 'ann', from: 'page', words: 'no token' })).toContain('nobody is before you');
  expect(await ask('raiseHand', { key: 'bo', from: 'page' })).toContain('1 person is before you');
  const checks = [{ id: 'token', state: 'failed', said: '401' }] as const;
  await ask('raiseHand', { key: 'ann', from: 'terminal', words: 'still none', checks: [...checks] });
  expect(await ask('takeHand', { key: 'ann', by: 'Cy' })).toBe('Cy goes there');
  expect(await ask('takeHand', { key: 'ann', by: 'Di' })).toMatch(/^Cy goes there already, since .*: nothing changed$/);
  expect((await room()).hands).toMatchObject([
    { key: 'ann', from: 'page', words: 'no token\nstill none', checks, takenBy: 'Cy' },
    { key: 'bo', from: 'page' },
  ]);
  await ask('lowerHand', { key: 'ann', by: 'Cy', note: 'reconnected' });
  expect((await room()).done).toMatchObject([{ key: 'ann', loweredBy: 'Cy', note: 'reconnected', takenBy: 'Cy' }]);

  expect(await refusalOf(ask('lowerHand', { key: 'ann', by: 'Cy' }))).toMatch(/^no hand is up at that seat/);
  expect(await refusalOf(ask('takeHand', { key: 'nobody', by: 'Cy' }))).toMatch(/^no hand is up at that seat/);
  expect(await refusalOf(ask('addNote', { key: 'ann', by: 'Cy', text: '' }))).toBe('text: is empty');
  expect(await refusalOf(ask('laptopSeen', { key: 'ann', code: 'x' }))).toMatch(/is not the code of a laptop check/);
  expect(await refusalOf(ask('takeHand', undefined as never))).toBe('must be an object with fields');
  expect((await room()).hands).toHaveLength(1);
});

it('sends what it is told to, and says among the acts what became of it', async () => {
  const sent: WordsFromRoom[] = [];
  const change = (): Partial<Activities> => ({
    tellRoom: async (_run, words) => {
      sent.push(words);
      if (words.to === 'nobody@example.com')
        throw ApplicationFailure.nonRetryable('nobody@example.com is not on the roster.', 'NOT_ON_THE_ROSTER', {
          toDo: 'Look for the address.',
        });
      return { people: words.to === undefined ? 3 : 1, leaves: words.to !== undefined };
    },
  });
  const stage = await openStage({ change });
  const { ask, room } = await openRoom(stage);
  await ask('setBanner', { text: 'Lunch at noon', by: 'Ann' });
  expect(sent).toEqual([]);
  expect(await ask('setBanner', { text: 'Lunch at one', by: 'Ann', send: true })).toContain('being written to');
  expect(await ask('tellPerson', { email: 'Bo@example.com', by: 'Ann', text: 'Table 4' })).toContain('is being sent');
  await ask('tellPerson', { email: 'nobody@example.com', by: 'Ann', text: 'Table 4' });
  await stage.soon(async () => {
    const said = (await room()).acts.map(({ by, what }) => `${by} ${what}`).toSorted();
    expect(said).toEqual([
      'Ann could not write to nobody@example.com: nobody@example.com is not on the roster. Look for the address.',
      'Ann set the banner: Lunch at noon',
      'Ann set the banner: Lunch at one',
      'Ann wrote to bo@example.com: 1 letter',
      "Ann wrote to everybody: 3 letters; the plan names no channel, so they lie in the worker's folder only",
    ]);
  });
  expect(sent).toEqual([
    { text: 'Lunch at one' },
    { text: 'Table 4', to: 'bo@example.com' },
    { text: 'Table 4', to: 'nobody@example.com' },
  ]);
  await ask('setBanner', { text: '', by: 'Ann', send: true });
  expect(await room()).not.toHaveProperty('banner');
  expect(sent).toHaveLength(3);
});

it('goes on in other runs when its history grows, and drops nothing on the way', async () => {
  const stage = await openStage();
  const { handle, ask, room } = await openRoom(stage, { historyEvents: 40 });
  const { runId: first } = await handle.describe();
  const keys = Array.from({ length: 30 }, (_, n) => `seat${n}`);
  await ask('addNote', { key: 'seat0', by: 'Bo', text: 'left-handed' });
  await ask('setBanner', { text: 'Hello', by: 'Bo', send: true });
  for (const key of keys) await ask('raiseHand', { key, from: 'page' });
  await stage.soon(async () => expect((await handle.describe()).runId).not.toBe(first));
  const { hands, notes, banner } = await room();
  expect(hands.map(({ key }) => key)).toEqual(keys);
  expect({ notes, banner: banner?.text }).toMatchObject({ notes: { seat0: [{ by: 'Bo' }] }, banner: 'Hello' });
});

it('ends by itself when nobody has asked anything of it for long, and still tells what it knew', async () => {
  const stage = await openStage();
  const { handle, ask, room } = await openRoom(stage);
  await ask('raiseHand', { key: 'ann', from: 'page' });
  await stage.clock.sleep(44 * DAY);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await stage.clock.sleep(2 * DAY);
  await stage.soon(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'));
  expect((await room()).hands).toHaveLength(1);
});

import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { HearRequest } from '../../../src/activities/room/hear-help.ts';
import { MESSAGES } from '../../../src/domain/replayed/made/temporal-names.ts';
import type { Heard } from '../../../src/domain/room/help.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, DAY, HOUR, MINUTE, planOf, timelineAround, workshopInput } from '../stage/workshop-input.ts';
import { openRoom } from './open-room.ts';

const heard = (key: string, file: string, more: Partial<Extract<Heard, { next: 'again' }>> = {}): Heard => ({
  next: 'again',
  asked: [{ key, file, words: `help at ${key}`, checks: [{ id: 'token', state: 'failed', said: '401' }] }],
  left: [],
  ignored: 0,
  ...more,
});

it('hears who asks on a cluster, says what could not be heard once, and ends when the workshop is over', async () => {
  const requests: HearRequest[] = [];
  const refused = ApplicationFailure.nonRetryable('No right to read.', 'PERMISSION_DENIED', { toDo: 'Grant it.' });
  const answers: (Heard | ApplicationFailure)[] = [
    heard('ann', '1'),
    heard('ann', '2', { left: ['1'], ignored: 3 }),
    refused,
    refused,
    heard('bo', '3'),
    { next: 'over' },
  ];
  const stage = await openStage({
    change: (_fake, { clock }) => ({
      hearHelp: async (_run, request) => {
        requests.push(request);
        await clock.sleep(MINUTE);
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? refused;
        return answer;
      },
    }),
  });
  const { handle, room } = await openRoom(stage, { listens: true });
  await stage.soon(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'));
  const { hands, acts } = await room();
  expect(hands.map(({ key, from, words, checks }) => [key, from, words, checks?.length])).toEqual([
    ['ann', 'terminal', 'help at ann', 1],
    ['bo', 'terminal', 'help at bo', 1],
  ]);
  expect(acts.map(({ what }) => what)).toEqual([
    'passed over 3 file(s) in the folder of help-me that no cluster here wrote',
    'cannot hear help-me: No right to read. Grant it.',
    'hears help-me again',
  ]);
  expect(requests.map(({ taken }) => taken)).toEqual([[], ['1'], ['1', '2'], ['1', '2'], ['1', '2'], ['3']]);
});

it('goes on listening in the next run when its history grows, and knows what it took', async () => {
  const requests: HearRequest[] = [];
  const stage = await openStage({
    change: (_fake, { clock }) => ({
      hearHelp: async (_run, request) => {
        requests.push(request);
        await clock.sleep(MINUTE);
        return heard(`seat${requests.length}`, `file${requests.length}`);
      },
    }),
  });
  const { handle, ask, room } = await openRoom(stage, { historyEvents: 60, listens: true });
  const { runId: first } = await handle.describe();
  await ask('raiseHand', { key: 'zoe', from: 'page' });
  await stage.soon(async () => expect((await handle.describe()).runId).not.toBe(first));
  await stage.soon(async () => expect(requests.length).toBeGreaterThan(12));
  await handle.terminate('enough');
  const keys = (await room()).hands.map(({ key }) => key);
  expect(keys).toContain('zoe');
  expect(keys.filter((key) => key.startsWith('seat')).slice(0, 10)).toEqual(
    Array.from({ length: 10 }, (_, n) => `seat${n + 1}`),
  );
  requests.slice(1, 12).forEach(({ taken }, n) => expect(taken).toEqual([`file${n + 1}`]));
});

it('listens from the moment that it is told to, and again when it was told too early', async () => {
  let isTheDay = false;
  let times = 0;
  const stage = await openStage({
    change: (_fake, { clock }) => ({
      hearHelp: async () => {
        times += 1;
        await clock.sleep(MINUTE);
        return isTheDay ? heard('ann', '1') : { next: 'not yet' };
      },
    }),
  });
  const { handle, ask, room } = await openRoom(stage);
  await ask('raiseHand', { key: 'zoe', from: 'page' });
  await stage.clock.sleep(HOUR);
  expect(times).toBe(0);
  await handle.signal(MESSAGES.listen);
  await stage.soon(async () => expect(times).toBe(1));
  isTheDay = true;
  await stage.clock.sleep(HOUR);
  expect(times).toBe(1);
  await handle.signal(MESSAGES.listen);
  await stage.soon(async () => expect((await room()).hands.map(({ key }) => key)).toEqual(['zoe', 'ann']));
  await handle.terminate('enough');
});

it('looks once a day by itself, and ends with a workshop that never had its day', async () => {
  const looks: number[] = [];
  const stage = await openStage({
    change: (_fake, { clock }) => ({
      hearHelp: async () => {
        looks.push(await clock.now());
        return { next: looks.length < 3 ? 'not yet' : 'over' };
      },
    }),
  });
  const began = await stage.clock.now();
  const { handle } = await openRoom(stage);
  await stage.clock.sleep(4 * DAY);
  await stage.soon(async () => expect((await handle.describe()).status.name).toBe('COMPLETED'));
  expect(looks.map((at) => Math.round((at - began) / DAY))).toEqual([1, 2, 3]);
});

it('is opened by the lifecycle when the day begins, and not before', async () => {
  const opened: number[] = [];
  const stage = await openStage({
    change: (_fake, { clock }) => ({
      openRoom: async () => {
        opened.push(await clock.now());
      },
    }),
  });
  const start = (await stage.clock.now()) + 26 * HOUR;
  const plan = planOf();
  await stage.open(workshopInput({ plan, people: attendees(1), start, queue: stage.queue }));
  await stage.sleepUntil(start - 3 * HOUR);
  expect(opened).toEqual([]);
  const { dayOf } = timelineAround(start);
  await stage.sleepUntil(dayOf + 10 * MINUTE);
  expect(opened).toHaveLength(1);
  expect(opened[0]).toBeLessThanOrEqual(dayOf + 10 * MINUTE);
  // At every page from then on: somebody may have ended it.
  await stage.sleepUntil(start + HOUR);
  expect(opened).toHaveLength(2);
  await stage.update('cancel', { by: 'Ann', reason: 'enough' });
});

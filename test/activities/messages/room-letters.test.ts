import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RoomLetter } from '../../../src/activities/messages/room-letters.ts';
import type { JobRun } from '../../../src/databricks/calls/jobs.ts';
import type { ListedRun } from '../../../src/domain/tunnels/tunnels.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { ANN, BEN, cohortOf, openSetting } from '../setting.ts';

const HOUR = 3_600_000;
const CLEO = 'cleo@example.com';

const seatOf = (email: string, state: Seat['state'], clusterId?: string): Seat => ({
  ...newSeat(`k-${email}`, email, 'attendee', 1),
  state,
  ...(clusterId === undefined
    ? {}
    : {
        cluster: {
          id: clusterId,
          name: 'c',
          state: state === 'ready' ? 'RUNNING' : 'TERMINATED',
          shared: true,
          verified: true,
          launchedAt: 1,
          option: 0,
        },
      }),
});

async function room(seats: readonly Seat[], runs: readonly ListedRun[] = []) {
  const asked: number[] = [];
  const setting = await openSetting({
    people: [ANN, BEN, CLEO],
    temporal: cohortOf(() => seats),
    change: (workspace) => ({
      ...workspace,
      jobs: {
        ...workspace.jobs,
        async *listRuns(since) {
          asked.push(since);
          for (const run of runs) yield { run_id: 1, state: { life_cycle_state: 'TERMINATED' }, ...run } as JobRun;
        },
      },
    }),
  });
  const now = Date.now();
  const timeline = {
    twoWeeksBefore: now - 13 * 24 * HOUR,
    oneWeekBefore: now - 6 * 24 * HOUR,
    dayBefore: now,
    dayOf: now + 23 * HOUR,
    start: now + 24 * HOUR,
    end: now + 28 * HOUR,
    teardown: now + 29 * HOUR,
  };
  const letters = join(setting.folder, setting.plan.id, 'letters');
  return {
    asked,
    timeline,
    letters: async () => (await readdir(letters)).filter((name) => name.endsWith('.txt')).toSorted(),
    text: (name: string) => readFile(join(letters, name), 'utf8'),
    write: (about: RoomLetter) =>
      setting.activities.writeToRoom(setting.run, { plan: setting.plan, timeline, cohorts: 1, about }),
  };
}

test('when it begins, whoever has a cluster that serves gets the lines that connect, once a cluster', async () => {
  const seats = [seatOf(ANN, 'ready', 'c-ann'), seatOf(BEN, 'parked', 'c-ben'), seatOf(CLEO, 'failed')];
  const { write, letters, text } = await room(seats);
  expect(await write('ready')).toBe(1);
  expect(await write('ready')).toBe(1);
  expect(await letters()).toEqual([`${ANN}-ready-c-ann.txt`]);
  const letter = await text(`${ANN}-ready-c-ann.txt`);
  expect(letter).toContain('Subject: Your cluster is ready');
  expect(letter).toMatch(/^ {5}databricks ssh setup --profile \S+ --name \S+ --cluster c-ann$/m);
});

test('the day before, whoever connected once is left alone; who has no cluster could not try', async () => {
  const seats = [seatOf(ANN, 'parked', 'c-ann'), seatOf(BEN, 'parked', 'c-ben'), seatOf(CLEO, 'failed')];
  const { write, letters, text, asked, timeline } = await room(seats, [
    { run_name: 'ssh-server-bootstrap-c-ann', start_time: Date.now() - 50 * HOUR, end_time: Date.now() - 49 * HOUR },
    { run_name: 'workshop check', start_time: Date.now() - 50 * HOUR, end_time: Date.now() - 49 * HOUR },
  ]);
  expect(await write('not-tried')).toBe(1);
  expect(asked).toEqual([timeline.oneWeekBefore]);
  expect(await letters()).toEqual([`${BEN}-not-tried.txt`]);
  const letter = await text(`${BEN}-not-tried.txt`);
  expect(letter).toMatch(/Your\s+laptop\s+has\s+not\s+connected\s+to\s+your\s+cluster\s+yet\./);
  expect(letter).toMatch(/--cluster c-ben$/m);
  expect(letter).toContain('check.sh');
});

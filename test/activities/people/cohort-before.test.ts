import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { onTestFinished, expect, it } from 'vitest';
import { cohortBefore, keysOf } from '../../../src/activities/people/cohort-before.ts';
import { startTemporalServer } from '../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { MESSAGES } from '../../../src/domain/replayed/made/temporal-names.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { scratchFolder } from '../../scratch.ts';

const newcomer = (key: string) => ({ key, email: `${key}@example.com`, role: 'attendee', generation: 1 });

it('knows whom a cohort was to look after that was ended before its first step', async () => {
  const server = await startTemporalServer({ ui: false, log: join(scratchFolder(), 'temporal.log') });
  onTestFinished(() => server.stop());
  const connection = await Connection.connect({ address: server.address });
  onTestFinished(() => connection.close());
  const client = new Client({ connection });
  // Nobody polls this queue.
  const cohort = await client.workflow.start('cohort', {
    workflowId: 'c',
    taskQueue: 'nobody',
    args: [{ seats: [newSeat('ann', 'ann@example.com', 'attendee', 1)], newcomers: [newcomer('ben')] }],
  });
  await cohort.signal(MESSAGES.enrol, [newcomer('cem')]);
  await cohort.terminate('a hand slipped');

  const before = await cohortBefore(client, 'c');
  expect(before).toMatchObject({ seats: [{ email: 'ann@example.com' }], newcomers: [{ key: 'ben' }, { key: 'cem' }] });
  expect([...keysOf(before)]).toEqual(['ann', 'ben', 'cem']);
  await expect(cohortBefore(client, 'nobody')).rejects.toMatchObject({ type: 'SEATS_UNKNOWN' });
});

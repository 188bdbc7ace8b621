import { sleep } from '@temporalio/workflow';

/**
 * A lifecycle as no recorded one ever ran: it begins with a timer. Only replay.test.ts uses it, to see the gate shut.
 */
export async function workshop(): Promise<string> {
  await sleep('1 minute');
  return 'something else';
}

import { condition, defineQuery, setHandler } from '@temporalio/workflow';

export { room } from '../../../src/workflows/room.ts';

/** Answers as a lifecycle on its day, and does nothing else. */
export async function workshop(answers: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, answer] of Object.entries(answers)) setHandler(defineQuery(name), () => answer);
  await condition(() => false);
}

/** The same for its people. */
export const cohort = workshop;

import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { eventReportOf, type EventReport } from '../../../src/domain/event/event-report.ts';
import { eventAddress } from '../../../src/domain/replayed/made/addresses.ts';
import type { EventPart, PartStanding } from '../../../src/domain/replayed/event/event.ts';
import type { EventInput } from '../../../src/workflows/event/event.ts';
import { eventually } from '../stage/eventually.ts';
import { openStage } from '../stage/time-skipping.ts';
import { DAY, HOUR, MINUTE, onOneQueue, REAL_PACE } from '../stage/workshop-input.ts';

const part = (name: string, runId?: string): EventPart => ({
  name,
  id: `spring-${name}`,
  workspace: `https://${name}.example.com`,
  ...(runId === undefined ? {} : { runId }),
});

/** An event whose parts stand as they are set here. */
async function openEvent(parts: readonly EventPart[], change: { readonly failures?: number } = {}) {
  let failures = change.failures ?? 0;
  const standing = new Map<string, PartStanding['standing']>();
  const looks: { readonly at: number; readonly asked: readonly string[] }[] = [];
  const stage = await openStage({
    change: (_fake, { clock }) => ({
      lookAtParts: async ({ parts: asked }) => {
        if (failures > 0) {
          failures -= 1;
          throw ApplicationFailure.nonRetryable('no worker knows it', 'UNKNOWN');
        }
        looks.push({ at: await clock.now(), asked: asked.map(({ name }) => name) });
        return asked.map(({ id }) => ({ id, standing: standing.get(id) ?? 'absent' }));
      },
      writeEventReport: async ({ event }) => ({
        report: eventReportOf(event, new Map(event.parts.map(({ id, runId = 'never' }) => [id, { why: runId }]))),
        where: 'memory',
      }),
    }),
  });
  const now = await stage.clock.now();
  const input: EventInput = {
    v: 1,
    event: { id: 'spring', title: 'Spring', parts },
    pace: REAL_PACE,
    queues: onOneQueue(stage.queue),
    end: now + 10 * DAY,
    over: now + 10 * DAY + HOUR,
  };
  const handle = await stage.client.workflow.start('event', {
    workflowId: eventAddress('spring'),
    taskQueue: stage.queue,
    args: [input],
  });
  return { stage, handle, standing, looks, input, report: () => handle.result() as Promise<EventReport> };
}

it('looks rarely until its workshops end, then often, and reports of all when the last has', async () => {
  const { stage, standing, looks, input, report } = await openEvent([part('north', 'a'), part('south', 'b')]);
  standing.set('spring-north', 'running').set('spring-south', 'running');
  await stage.clock.sleep(10 * DAY - MINUTE);
  expect(looks.length).toBeLessThan(15);
  standing.set('spring-north', 'ended');
  await stage.clock.sleep(HOUR);
  standing.set('spring-south', 'ended');
  expect((await report()).parts.map(({ name, why }) => ({ name, why }))).toEqual([
    { name: 'north', why: 'a' },
    { name: 'south', why: 'b' },
  ]);
  expect((looks.at(-1)?.at ?? 0) - (input.end + HOUR)).toBeLessThan(3 * REAL_PACE.recheck);
});

it('looks at once when a part says that it closes, and learns of parts that are started later', async () => {
  const { stage, handle, standing, looks, report } = await openEvent([part('north', 'a'), part('south')]);
  standing.set('spring-north', 'running').set('spring-west', 'running');
  await stage.clock.sleep(HOUR);
  await handle.signal('partsKnown', [part('south', 'b'), part('west', 'c')]);
  await handle.signal('partsKnown', 'nonsense');
  await handle.signal('partEnded', { nor: 'this' });
  // Skipped time does not wait for workers.
  await eventually(() => expect(looks.at(-1)?.asked).toEqual(['north', 'south', 'west']));
  for (const name of ['north', 'south', 'west']) {
    const before = looks.length;
    await handle.signal('partEnded', `spring-${name}`);
    // It closes a little after it has said so.
    await eventually(() => expect(looks.length).toBeGreaterThan(before));
    standing.set(`spring-${name}`, 'ended');
  }
  const { parts } = await report();
  expect(parts.map(({ why }) => why)).toEqual(['a', 'b', 'c']);
  expect(await stage.clock.now()).toBeLessThan((looks[0]?.at ?? 0) + 3 * HOUR);
});

it('waits for a part that was never started until all should be over, and survives looks that fail', async () => {
  const { standing, report, input, stage } = await openEvent([part('north', 'a'), part('south')], { failures: 3 });
  standing.set('spring-north', 'ended');
  expect((await report()).parts.map(({ why }) => why)).toEqual(['a', 'never']);
  expect(await stage.clock.now()).toBeGreaterThanOrEqual(input.over);
});

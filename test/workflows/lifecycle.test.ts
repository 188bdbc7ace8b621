import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TimeSkipping } from './time-skipping.ts';
import { attendees, DAY, planOf, workshopInput } from './workshop-input.ts';

let skipping: TimeSkipping;
beforeAll(async () => {
  skipping = await TimeSkipping.start();
});
afterAll(() => skipping.stop());

describe('three weeks', () => {
  test('pass', async () => {
    const stage = await skipping.stage();
    const start = (await stage.clock.now()) + 21 * DAY;
    await stage.open(workshopInput({ plan: planOf(), people: attendees(5), start, queue: stage.queue }));
    const t = performance.now();
    await stage.sleepUntil(start);
    console.log('at start', performance.now() - t, await stage.clock.now() - start);
    const p = await stage.progress();
    console.log(p.checklist.map((i) => `${i.id} ${i.state} ${i.evidence}`).join('\n'), p.attendees);
    const report = await stage.report();
    console.log('end', performance.now() - t, JSON.stringify(report, null, 1), stage.told, stage.workspace.poolMinimums);
    expect(report.clusters.left).toBe(0);
  });
});

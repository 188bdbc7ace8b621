import { expect, test } from 'vitest';
import { attendeeAddress, cohortAddress, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { openStage, type Stage } from '../stage/time-skipping.ts';
import { attendees, HOUR, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

async function open(): Promise<{ stage: Stage; start: number; id: string }> {
  const stage = await openStage();
  const start = (await stage.clock.now()) + HOUR;
  const plan = planOf({ compute: { ...planOf().compute, preProvision: false } });
  await stage.open(workshopInput({ plan, people: attendees(1), start, queue: stage.queue }));
  await stage.sleepUntil(start - 50 * MINUTE);
  return { stage, start, id: plan.id };
}

/** What `temporal workflow signal` sends when told to send these very bytes. */
const rawSignal = (stage: Stage, workflowId: string, signalName: string, data: string) =>
  stage.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    signalName,
    input: { payloads: [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(data) }] },
  });

test('somebody is added with a bare signal, before and during, and gets a cluster', async () => {
  const { stage, start } = await open();
  await stage.lifecycle.signal('addAttendee', { email: 'Late@Example.com' });
  await stage.sleepUntil(start);
  expect((await stage.progress()).attendees).toMatchObject({ attendees: 2, everReady: 2 });
  await stage.lifecycle.signal('addAttendee', { email: 'later@example.com' });
  await stage.soon(async () =>
    expect((await stage.progress()).attendees).toMatchObject({ attendees: 3, everReady: 3 }),
  );
  expect((await stage.roster()).map(({ email }) => email).toSorted()).toEqual([
    'attendee1@example.com',
    'late@example.com',
    'later@example.com',
  ]);
  // Who joined during the event was ready after its start.
  expect((await stage.report()).attendees).toEqual({ total: 3, ready: 2, later: 1, failed: 0, removed: 3 });
});

test('broken signals are refused in progress, and hurt nothing', async () => {
  const { stage, id } = await open();
  await stage.lifecycle.signal('addAttendee', {});
  await stage.lifecycle.signal('addAttendee', 42);
  await stage.lifecycle.signal('addAttendee');
  await stage.lifecycle.signal('addAttendee', { email: 'a'.repeat(1_000_000) });
  await stage.lifecycle.signal('addAttendee', { email: 'attendee1@example.com' });
  await rawSignal(stage, workshopAddress(id), 'addAttendee', '{broken');
  await rawSignal(stage, workshopAddress(id), 'nosuch', '{}');
  await stage.clock.sleep(MINUTE);
  const { refused, attendees: totals } = await stage.progress();
  expect(refused.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    expect.stringMatching(/^addAttendee: email: /),
    expect.stringMatching(/^addAttendee: /),
    expect.stringMatching(/^addAttendee: /),
    expect.stringMatching(/^addAttendee: email: is not an email address/),
    'addAttendee attendee1@example.com: is enrolled already',
    expect.stringMatching(/^addAttendee: /),
    expect.stringMatching(/^nosuch: there is no such signal/),
  ]);
  expect(JSON.stringify(refused).length).toBeLessThan(3_000);
  expect(totals.attendees).toBe(1);
  expect((await stage.report()).attendees.ready).toBe(1);
});

/** What is sent between our own workflows, and everybody can send by hand. */
const NONSENSE = ['', '42', 'null', '{}', '[]', '{"n":0,"seq":9e9}', '{"n":0,"seq":9e9,"totals":{}}', '{broken'];

test('nonsense under the names that our own workflows use hurts nobody either', async () => {
  const { stage, id } = await open();
  const seat = (await stage.roster())[0]?.key ?? '';
  for (const data of NONSENSE) {
    for (const name of ['cohortReport', 'teardownReport']) await rawSignal(stage, workshopAddress(id), name, data);
    for (const name of ['enrol', 'raise', 'seatReport']) await rawSignal(stage, cohortAddress(id, 0), name, data);
    for (const name of ['raise', 'clusterNews']) await rawSignal(stage, attendeeAddress(id, seat), name, data);
  }
  await stage.clock.sleep(MINUTE);
  const { refused, attendees: totals } = await stage.progress();
  expect(new Set(refused.map(({ what }) => what))).toEqual(new Set(['cohortReport', 'teardownReport']));
  expect(totals).toMatchObject({ attendees: 1, byState: expect.objectContaining({}) });
  expect((await stage.report()).attendees).toEqual({ total: 1, ready: 1, failed: 0, removed: 1 });
});

test('updates are refused with words, and leave no trace', async () => {
  const { stage } = await open();
  const refusal = async (name: string, input: unknown) => {
    try {
      await stage.update(name, input);
    } catch (error) {
      return ((error as Error).cause as Error).message;
    }
    throw new Error(`${name} was not refused`);
  };
  expect(await refusal('signOff', { item: 'nope' })).toMatch(/there is no "nope" on this checklist; it has: /);
  expect(await refusal('signOff', { item: 'canary' })).toMatch(/"canary" is a check, which nobody can sign off/);
  expect(await refusal('signOff', {})).toMatch(/^item: /);
  expect(await refusal('waive', { item: 'teardown', reason: 'because' })).toMatch(/cannot be waived/);
  expect(await refusal('waive', { item: 'endpoint' })).toMatch(/^reason: /);
  expect(await refusal('retry', { item: 'volumes' })).toMatch(/is passed: there is nothing to try again/);
  expect(await refusal('addAttendees', { emails: ['nobody'] })).toMatch(/is not an email address/);
  expect(await stage.update('addAttendees', { emails: ['b@example.com', 'attendee1@example.com'], by: 'Ann' })).toEqual(
    {
      recorded: '1 added by Ann, 1 were enrolled already',
      added: ['b@example.com'],
      already: ['attendee1@example.com'],
    },
  );
  await stage.update('cancel', { by: 'Ann' });
  expect((await stage.report()).workshop.outcome).toBe('cancelled');
});

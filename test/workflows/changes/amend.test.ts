import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { Plan } from '../../../src/domain/plan/plan.ts';
import { openStage } from '../stage/time-skipping.ts';
import { attendees, DAY, MINUTE, planOf, workshopInput } from '../stage/workshop-input.ts';

const LEAD = { name: 'Lea', contact: 'lea@example.com' };
const LATE = 'late@example.com';

test('an amended plan reaches lines, seats that are there and seats to come; who amended it is reported', async () => {
  const probed: string[] = [];
  const opened: { readonly who: string; readonly model: string }[] = [];
  const created: { readonly who: string; readonly plan: Plan }[] = [];
  const told: string[] = [];
  const stage = await openStage({
    change: (fake) => ({
      probeEndpoint: async (run, request) => {
        probed.push(request.plan.serving.model);
        return fake.probeEndpoint(run, request);
      },
      openAccess: async (run, request) => {
        opened.push({ who: request.userName, model: request.plan.serving.model });
        return fake.openAccess(run, request);
      },
      createCluster: async (run, wish) => {
        created.push({ who: wish.email, plan: wish.plan });
        return fake.createCluster(run, wish);
      },
      notify: async (run, notice) => {
        told.push(notice.message.to);
        return fake.notify(run, notice);
      },
    }),
  });
  const plan = planOf();
  const [ann = ''] = attendees(1);
  const start = (await stage.clock.now()) + 8 * DAY;
  await stage.open(workshopInput({ plan, people: [ann], start, queue: stage.queue }));
  await stage.sleepUntil(start - 6 * DAY);
  expect(created.map(({ who }) => who)).toEqual(['canary', ann]);
  expect(opened).toEqual([{ who: ann, model: plan.serving.model }]);

  const refused: unknown = await stage
    .update('amend', { fields: { 'compute.nodeType': 'Standard_E8s_v5' } })
    .catch((error: unknown) => error);
  expect(refused instanceof WorkflowUpdateFailedError && refused.cause?.message).toMatch(/^the pool is made of/);
  const fields = {
    'contacts.leadFacilitator': LEAD,
    'serving.model': 'other-model',
    'compute.sparkVersion': '18.0.x-scala2.13',
  };
  const { recorded } = await stage.update<{ recorded: string }>('amend', { by: 'Ann', fields });
  expect(recorded).toBe(
    'contacts.leadFacilitator, serving.model, compute.sparkVersion: amended by Ann; ' +
      'tried again: endpoint, canary, access',
  );

  await stage.sleepUntil(start - 5 * DAY);
  expect(probed.at(-1)).toBe('other-model');
  expect(opened.at(-1)).toEqual({ who: ann, model: 'other-model' });
  for (const id of ['endpoint', 'canary', 'access']) expect((await stage.item(id)).state).toBe('passed');
  expect((await stage.item('access')).evidence).toMatch(/all 1 may use the pool/);

  await stage.update('addAttendees', { emails: [LATE] });
  await stage.sleepUntil(start - 4 * DAY);
  const ofLate = created.find(({ who }) => who === LATE)?.plan;
  expect(ofLate?.compute.sparkVersion).toBe('18.0.x-scala2.13');
  expect(ofLate?.contacts.leadFacilitator).toEqual(LEAD);
  // Who had one keeps it as it is.
  expect(created.filter(({ who }) => who === ann)).toHaveLength(1);

  await stage.sleepUntil(start + 10 * MINUTE);
  expect(probed.at(-1)).toBe('other-model');
  expect((await stage.progress()).attendees.byState).toEqual({ ready: 2 });
  expect(told).toContain(LEAD.contact);
  const { amended } = await stage.report();
  expect(amended).toEqual([{ by: 'Ann', at: expect.any(String) as unknown, fields: Object.keys(fields) }]);
});

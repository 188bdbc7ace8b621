import { expect, onTestFinished, test } from 'vitest';
import { workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { seatKey } from '../../../src/domain/replayed/seat/seat-key.ts';
import { spanOfRun } from '../../../src/traces/run-ids.ts';
import { workshop } from '../../cli/run-cli.ts';
import { openCollector, type ReceivedSpan } from '../../traces/collector.ts';
import { eventually } from '../stage/eventually.ts';
import { RealStack } from '../stage/real-stack.ts';

const PEOPLE = 2;

test('a workshop whose worker sends traces: workflows, what they do, what that asks for, and who asks', async () => {
  const collector = await openCollector();
  onTestFinished(() => collector.close());
  const stack = await RealStack.start({ people: PEOPLE, workerEnv: collector.env });
  onTestFinished(() => stack.stop());
  const id = await stack.open();
  const { workshop: about } = await stack.report(id);
  await workshop(['status', id], { ...stack.env, ...collector.env });
  await workshop(['retry', id, 'canary'], { ...stack.env, ...collector.env });
  const chain = await stack.chain(workshopAddress(id));

  const { spans } = collector;
  const named = (name: string) => spans.filter((span) => span.name === name);
  const children = ({ traceId, spanId }: ReceivedSpan) =>
    spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId);

  // Each run has its own, with what was done in it.
  await eventually(() => expect(named('workshop').length).toBe(chain.length));
  for (const { runId, continued } of chain) {
    const { traceId, spanId } = spanOfRun({ workflowId: workshopAddress(id), runId });
    const run = named('workshop').find((span) => span.traceId === traceId);
    expect(run).toMatchObject({ spanId, parentSpanId: '', failed: false, service: 'databricks-workshop' });
    expect(run?.attributes).toMatchObject({
      workshop: id,
      'temporal.run.outcome': continued ? 'continued' : 'completed',
    });
  }
  const seats = new Set(stack.people.map((email) => seatKey(about.runId, email)));
  expect(new Set(named('attendee').map(({ attributes }) => attributes['seat']))).toEqual(seats);
  const creates = named('createCluster').filter(({ attributes }) => attributes['seat'] !== undefined);
  expect(creates.length).toBeGreaterThanOrEqual(PEOPLE);
  for (const create of creates) {
    const run = named('attendee').find(({ traceId }) => traceId === create.traceId);
    expect(run?.spanId).toBe(create.parentSpanId);
    expect(run?.attributes['seat']).toBe(create.attributes['seat']);
  }
  const asked = creates.flatMap(children).find(({ name }) => name === 'POST /api/2.1/clusters/create');
  expect(asked?.attributes).toMatchObject({ 'http.response.status_code': '200' });
  expect(asked?.ms).toBeGreaterThan(0);

  // Commands are told by their names, whatever was typed behind them.
  expect(named('workshop status')).toMatchObject([{ attributes: { workshop: id }, failed: false }]);
  const [retried] = named('workshop retry');
  expect(retried).toMatchObject({ failed: true, attributes: { 'error.type': 'Refused' } });

  const told = collector.bytes();
  for (const secret of ['@example', stack.sandbox.adminToken, ...stack.people]) expect(told).not.toContain(secret);
});

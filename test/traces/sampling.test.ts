import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { Traces } from '../../src/traces/traces.ts';
import { openCollector } from './collector.ts';

const RUNS = 40;

it('of every other run all is kept, or nothing: ids follow from the run', async ({ onTestFinished }) => {
  const collector = await openCollector();
  onTestFinished(() => collector.close());
  onTestFinished(() => void vi.unstubAllEnvs());
  const env = { ...collector.env, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const traces = new Traces();
  for (let n = 0; n < RUNS; n += 1) {
    const run = { workflowId: 'workshop/spring', runId: randomUUID() };
    await traces.ofRun(run, 'act', {}, () => traces.during('ask', {}, async () => {}));
    traces.runEnded(run, 'workshop', {});
  }
  await traces.close();
  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const kept = named('workshop');
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThan(RUNS);
  for (const name of ['act', 'ask'])
    expect(named(name).map(({ traceId }) => traceId)).toEqual(kept.map(({ traceId }) => traceId));
  for (const act of named('act')) expect(kept.map(({ spanId }) => spanId)).toContain(act.parentSpanId);
});

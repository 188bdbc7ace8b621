import { expect, test } from 'vitest';
import { payloadConverter } from '../../src/workflows/shared/payload-converter.ts';
import { TemporalReads } from '../../src/temporal/reads.ts';

/** A server that refuses the first questions with the given words, and then answers 7. */
function serverRefusing(times: number, details: string) {
  const asked: string[] = [];
  const call = async <T>(method: string): Promise<T> => {
    asked.push(method);
    if (asked.length <= times) throw Object.assign(new Error(details), { code: 9, details });
    return { queryResult: { payloads: [payloadConverter.toPayload(7)] } } as T;
  };
  const reads = new TemporalReads({ call, close: () => {} }, { address: 'there:1', namespace: 'default', codecs: [] });
  return { reads, asked };
}

test('a workflow that is not ready for a moment is asked again', async () => {
  const { reads, asked } = serverRefusing(2, 'Workflow task is not scheduled yet.');
  await expect(reads.query('cohort/0', 'roster')).resolves.toBe(7);
  expect(asked).toEqual(['queryWorkflow', 'queryWorkflow', 'queryWorkflow']);
});

test('one that no worker would answer is not', async () => {
  const { reads, asked } = serverRefusing(2, 'no poller seen for task queue recently, worker may be down');
  await expect(reads.query('cohort/0', 'roster')).rejects.toMatchObject({ code: 9 });
  expect(asked).toHaveLength(1);
});

test('a queue that was loaded anew is asked again who polls it; one without a worker has nobody', async () => {
  const now = { lastAccessTime: { seconds: Date.now() / 1_000 } };
  let asked = 0;
  const reads = (pollersAt: number) =>
    new TemporalReads(
      { call: async <T>() => ({ pollers: ++asked >= pollersAt ? [now] : [] }) as T, close: () => {} },
      { address: 'there:1', namespace: 'default', codecs: [] },
    );
  await expect(reads(2).hasPoller('queue')).resolves.toBe(true);
  expect(asked).toBe(2);
  await expect(reads(100).hasPoller('queue')).resolves.toBe(false);
});

import { describe, expect, test } from 'vitest';
import { RUNS, opened, task, submit, getRun } from './run-requests.ts';

describe('lists and ends of runs', () => {
  test('come newest first in pages, and are filtered', async () => {
    const { ann, id, now, pass } = await opened();
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.unshift(await submit(ann, { run_name: `run ${count}`, tasks: [task(id)] }));
      pass(4_000);
    }
    const page = async (query: string) => (await ann('GET', `${RUNS}/list?${query}`)).json;
    const idsOf = (answer: { runs?: { run_id: number }[] }) => answer.runs?.map((run) => run.run_id);
    const first = await page('limit=2');
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first).toMatchObject({ has_more: true });
    expect(first.runs[0].tasks).toBeUndefined();
    const second = await page(`limit=2&page_token=${first.next_page_token}&expand_tasks=true`);
    expect(idsOf(second)).toEqual(ids.slice(2, 4));
    expect(second.runs[0].tasks).toHaveLength(1);
    expect(idsOf(await page(`limit=2&page_token=${second.prev_page_token}`))).toEqual(ids.slice(0, 2));
    const last = await page(`limit=2&page_token=${second.next_page_token}`);
    expect(idsOf(last)).toEqual(ids.slice(4));
    expect(last.has_more).toBe(false);
    expect(last.next_page_token).toBeUndefined();
    expect(idsOf(await page('active_only=true'))).toEqual(ids.slice(0, 1));
    expect(idsOf(await page('completed_only=true'))).toEqual(ids.slice(1));
    expect(idsOf(await page(`start_time_from=${now() - 8_000}`))).toEqual(ids.slice(0, 2));
    expect(await page('run_type=JOB_RUN')).toEqual({ has_more: false });
    expect((await ann('GET', `${RUNS}/list?active_only=true&completed_only=true`)).status).toBe(400);
    expect((await ann('GET', `${RUNS}/list?page_token=bad`)).status).toBe(400);
    expect((await ann('GET', `${RUNS}/list?limit=1000`)).status).toBe(400);
  });

  test('an active run cannot be deleted, and one that is gone is named', async () => {
    const { ann, id } = await opened();
    const run = await submit(ann, { tasks: [task(id)] });
    expect((await ann('POST', `${RUNS}/delete`, { run_id: run })).json.message).toContain('is active');
    await ann('POST', `${RUNS}/cancel`, { run_id: run });
    expect((await getRun(ann, run)).state.result_state).toBe('CANCELED');
    expect((await ann('POST', `${RUNS}/delete`, { run_id: String(run) })).status).toBe(200);
    for (const [method, action] of [
      ['GET', `get?run_id=${run}`],
      ['GET', `get-output?run_id=${run}`],
    ] as const) {
      expect(await ann(method, `${RUNS}/${action}`)).toMatchObject({
        status: 400,
        json: { error_code: 'INVALID_PARAMETER_VALUE', message: `Run ${run} does not exist.` },
      });
    }
    expect((await ann('POST', `${RUNS}/cancel`, { run_id: run })).json.message).toBe(`Run ${run} does not exist.`);
    expect((await ann('GET', `${RUNS}/get?run_id=abc`)).status).toBe(400);
    expect((await ann('GET', `${RUNS}/get?run_id=9223372036854775807`)).json.message).toBe(
      'Run 9223372036854775807 does not exist.',
    );
    expect((await ann('POST', `${RUNS}/cancel`, {})).json.message).toBe('Missing required field: run_id');
    expect((await ann('POST', `${RUNS}/cancel`, { run_id: 'x' })).json.error_code).toBe('MALFORMED_REQUEST');
    expect((await ann('GET', `${RUNS}/get`)).json.message).toBe('Missing required field: run_id');
  });
});

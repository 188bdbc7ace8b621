import { describe, expect, test } from 'vitest';
import { RUNS, opened, task } from './run-requests.ts';

describe('what is refused when it is submitted', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['a cluster of a job', { job_cluster_key: 'main', existing_cluster_id: undefined }, 'asks for job_cluster_key'],
    ['two clusters', { new_cluster: {} }, 'got both'],
    ['no environment', { environment_key: 'default', existing_cluster_id: undefined }, 'not in environments'],
    ['another kind', { sql_task: {}, spark_python_task: undefined }, 'is a sql_task'],
    ['two kinds', { notebook_task: { notebook_path: '/a' } }, 'exactly one kind of work'],
    ['no work', { spark_python_task: undefined }, 'has no work'],
    ['no compute', { existing_cluster_id: undefined }, 'does not say where it runs'],
    ['Git', { spark_python_task: { python_file: 'a.py', source: 'GIT' } }, 'from Git'],
    ['an unknown dependency', { depends_on: [{ task_key: 'absent' }] }, 'depends on task absent'],
    ['a circle', { depends_on: [{ task_key: 'check' }] }, 'in a circle'],
    ['a wrong type', { spark_python_task: { python_file: 7 } }, 'Could not parse request object'],
    ['a wrong key', { task_key: 'no spaces' }, 'task_key'],
  ];
  test.each(cases)('%s', async (_, more, words) => {
    const { ann, id } = await opened();
    const answer = await ann('POST', `${RUNS}/submit`, { tasks: [task(id, more)] });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain(words);
  });

  test('no tasks, or two of one key', async () => {
    const { ann, id } = await opened();
    expect((await ann('POST', `${RUNS}/submit`, {})).json.message).toBe('Missing required field: tasks');
    expect((await ann('POST', `${RUNS}/submit`, { tasks: [] })).json.message).toBe('Missing required field: tasks');
    expect((await ann('POST', `${RUNS}/submit`, { tasks: [task(id), task(id)] })).json.message).toContain(
      "Duplicate task key 'check'",
    );
  });
});

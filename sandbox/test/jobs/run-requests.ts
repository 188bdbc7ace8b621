import type { SandboxOptions } from '../../src/sandbox.ts';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';

export const LONG = 60 * MINUTE;
export const SIMULATED = "Simulated: this node exists in the sandbox's books only; nothing was run.";
export const FILE = '/Volumes/main/default/code/check.py';
export const RUNS = '/api/2.1/jobs/runs';

/** A cluster of Ann's that runs, and a Python file that she may read. */
export async function opened(options: SandboxOptions = {}) {
  const world = await openSandbox(options);
  const { admin, pass } = world;
  await admin('POST', '/api/2.1/unity-catalog/volumes', {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'code',
    volume_type: 'MANAGED',
  });
  for (const [type, name, privilege] of [
    ['catalog', 'main', 'USE_CATALOG'],
    ['schema', 'main.default', 'USE_SCHEMA'],
    ['volume', 'main.default.code', 'READ_VOLUME'],
  ]) {
    await admin('PATCH', `/api/2.1/unity-catalog/permissions/${type}/${name}`, {
      changes: [{ principal: ANN, add: [privilege] }],
    });
  }
  await admin('PUT', `/api/2.0/fs/files${FILE}`, 'print("hello")');
  const id = await createCluster(admin);
  await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });
  pass(LONG);
  await getCluster(admin, id);
  return { ...world, id, ann: world.as(ANN), ben: world.as(BEN) };
}

export const task = (clusterId: string, more: Readonly<Record<string, unknown>> = {}) => ({
  task_key: 'check',
  existing_cluster_id: clusterId,
  spark_python_task: { python_file: FILE, parameters: ['--quick'] },
  ...more,
});

export async function submit(client: Client, body: unknown): Promise<number> {
  const answer = await client('POST', `${RUNS}/submit`, body);
  if (answer.status !== 200) throw new Error(`submit: ${answer.status} ${answer.text}`);
  return answer.json.run_id as number;
}

export const getRun = async (client: Client, id: number) => (await client('GET', `${RUNS}/get?run_id=${id}`)).json;
export const getOutput = async (client: Client, id: number) =>
  (await client('GET', `${RUNS}/get-output?run_id=${id}`)).json;

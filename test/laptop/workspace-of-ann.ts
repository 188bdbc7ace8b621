import { onTestFinished } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import { clientOf, createCluster } from '../../sandbox/test/harness.ts';

export const ANN = 'ann@example.com';
/** A sandbox with Ann in it, closed after the test. */
export async function workspaceOfAnn() {
  const sandbox = await startSandbox({ people: [ANN], speed: 5_000 });
  onTestFinished(() => sandbox.close());
  return { url: sandbox.url, token: sandbox.tokenFor(ANN), admin: clientOf(sandbox, sandbox.adminToken) };
}
export type WorkspaceOfAnn = Awaited<ReturnType<typeof workspaceOfAnn>>;

/** A cluster of hers, in that state. @returns its id */
export async function clusterOfAnn({ admin }: WorkspaceOfAnn, state: 'RUNNING' | 'TERMINATED'): Promise<string> {
  const id = await createCluster(admin);
  await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });
  const until = async (wanted: string) => {
    while ((await admin('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).json.state !== wanted)
      await new Promise((soon) => setTimeout(soon, 20));
  };
  await until('RUNNING');
  if (state === 'TERMINATED') {
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    await until('TERMINATED');
  }
  return id;
}

import { describe, expect, onTestFinished } from 'vitest';
import { whyNotReal } from '../../src/nodes/can-be-real.ts';
import { openNodes } from '../../src/nodes/open-nodes.ts';
import type { NodesMode } from '../../src/nodes/nodes.ts';
import { startSandbox } from '../../src/sandbox.ts';
import { ANN, BEN, clientOf, createCluster, getCluster } from '../harness.ts';
import type { Client } from '../harness.ts';

const why = await whyNotReal();

/**
 * Tests that need nodes where things really run; where there can be none, they are left out by name and with the
 * reason.
 */
export const describeOnRealNodes = (name: string, tests: () => void): void => {
  describe.skipIf(why !== undefined)(why === undefined ? name : `${name} (left out: ${why})`, tests);
};

/**
 * A sandbox a thousand times as fast, on the real clock: what runs on nodes takes the time it takes. Everybody may
 * read and write the volume main.default.v.
 */
export async function openWithNodes(mode: NodesMode) {
  const { nodes } = await openNodes(mode);
  const sandbox = await startSandbox({ people: [ANN, BEN], speed: 1_000, nodes });
  onTestFinished(() => sandbox.close());
  const admin = clientOf(sandbox, sandbox.adminToken);
  await admin('POST', '/api/2.1/unity-catalog/volumes', {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'v',
    volume_type: 'MANAGED',
  });
  await grant(admin, 'catalog/main', 'users', ['USE_CATALOG', 'USE_SCHEMA']);
  await grant(admin, 'volume/main.default.v', 'users', ['READ_VOLUME', 'WRITE_VOLUME']);
  return { sandbox, nodes, admin, as: (name: string) => clientOf(sandbox, sandbox.tokenFor(name)) };
}

export const grant = (admin: Client, securable: string, principal: string, add: readonly string[]) =>
  admin('PATCH', `/api/2.1/unity-catalog/permissions/${securable}`, { changes: [{ principal, add }] });

/** Puts a script into a volume, and answers a cluster's `init_scripts` for it. */
export async function script(admin: Client, text: string, path = '/Volumes/main/default/v/init.sh') {
  await admin('PUT', `/api/2.0/fs/files${path}?overwrite=true`, text);
  return { init_scripts: [{ volumes: { destination: path } }] };
}

/** A cluster of Ann's that runs, and that she may restart. */
export async function annsCluster(
  admin: Client,
  name = 'ws-ann',
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const id = await createCluster(admin, { cluster_name: name, ...more });
  await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
    access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
  });
  await expect.poll(async () => (await getCluster(admin, id)).state as string, { timeout: 20_000 }).toBe('RUNNING');
  return id;
}

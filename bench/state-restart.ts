/**
 * How quickly a kept state is gone on with, and what keeping it costs, in one run: `node bench/state-restart.ts`.
 * Absolute figures depend on the machine; the ratios between lines of one run do not.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../sandbox/index.ts';

const PERSON = 'ann@example.com';
/** Each makes a cluster, lets somebody at it, stops it and pins it or throws it away: four entries. */
const ROUNDS = [250, 2_500];
const OPTIONS = { people: [PERSON], speed: 600, launch: { burst: 1_000_000, perSecond: 1_000 } };

// Not counted: code that runs for the first time is slow.
await asked(undefined, 1_000);
const msOfForgetful = await asked(undefined, 2_500);
process.stdout.write(`kept nowhere: ${msOfForgetful.toFixed(3)} ms a request\n`);
for (const rounds of ROUNDS) {
  const folder = mkdtempSync(join(tmpdir(), 'state-restart-'));
  try {
    const ms = await asked(folder, rounds);
    const bytes = statSync(join(folder, 'journal.jsonl')).size;
    const before = performance.now();
    const again = await startSandbox({ state: folder });
    const restart = performance.now() - before;
    if (again.remarks.length > 0 || again.books().clusters.length !== rounds)
      throw new Error(`It did not come out the same: ${again.remarks.join(' ')}`);
    await again.close();
    process.stdout.write(
      `${rounds * 4} entries: ${ms.toFixed(3)} ms a request (${(ms / msOfForgetful).toFixed(2)} ` +
        `times), ${(bytes / 1_048_576).toFixed(1)} MB, restart ${(restart / 1_000).toFixed(2)} s ` +
        `(${(restart / rounds / 4).toFixed(3)} ms an entry)\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds a request, on average. */
async function asked(state: string | undefined, rounds: number): Promise<number> {
  const sandbox = await startSandbox({ ...OPTIONS, ...(state === undefined ? {} : { state }) });
  const ask = async (method: 'POST' | 'PATCH', path: string, body: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { authorization: `Bearer ${sandbox.adminToken}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const before = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    const { cluster_id } = await ask('POST', '/api/2.1/clusters/create', {
      cluster_name: `c${round}`,
      spark_version: '17.3.x-scala2.13',
      node_type_id: 'Standard_D4ds_v5',
      kind: 'CLASSIC_PREVIEW',
      is_single_node: true,
      single_user_name: PERSON,
      data_security_mode: 'SINGLE_USER',
    });
    await ask('PATCH', `/api/2.0/permissions/clusters/${String(cluster_id)}`, {
      access_control_list: [{ user_name: PERSON, permission_level: 'CAN_RESTART' }],
    });
    await ask('POST', '/api/2.1/clusters/delete', { cluster_id });
    await ask('POST', `/api/2.1/clusters/${round < 50 ? 'pin' : 'permanent-delete'}`, { cluster_id });
  }
  const passed = performance.now() - before;
  await sandbox.close();
  return passed / (rounds * 4);
}

import { expect, onTestFinished, test } from 'vitest';
import { startSandbox, type SandboxOptions } from '../../../../sandbox/index.ts';
import { removalLines } from '../../../../src/cli/terminal/removal-lines.ts';
import { connectWorkspace } from '../../../../src/databricks/workspace.ts';
import { ownMachinesIn, remainsOf } from '../../../../src/preview.ts';

const ANN = 'ann@example.com';
const EVE = 'eve@example.com';
const OURS = { 'workshop-id': 'spring', 'workshop-run': 'r' };

async function opened(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ people: [ANN, EVE], ...options });
  onTestFinished(() => sandbox.close());
  const as = (token: string) => connectWorkspace({ host: sandbox.url, token, env: {}, requestsPerSecond: 1_000 });
  const admin = as(sandbox.adminToken);
  onTestFinished(() => admin.close());
  return { sandbox, as, admin };
}

const spec = (name: string, more: Record<string, unknown>) => ({
  cluster_name: name,
  spark_version: '17.3.x-scala2.13',
  node_type_id: 'Standard_DS3_v2',
  num_workers: 0,
  data_security_mode: 'SINGLE_USER',
  ...more,
});

test('a teardown names what people made for themselves since the workshop began, and leaves it alone', async () => {
  let now = Date.parse('2027-03-16T09:00:00Z');
  const { sandbox, as, admin } = await opened({ now: () => now });
  const [{ policy_id }] = await policies(admin);
  const make = async (person: string, name: string) => {
    const workspace = as(sandbox.tokenFor(person));
    onTestFinished(() => workspace.close());
    await workspace.clusters.create(spec(name, { policy_id }));
    now += 1_000;
  };
  await make(ANN, 'long before');
  await admin.clusters.create(spec('claude-code-workshop-spring-ann', { custom_tags: OURS, single_user_name: ANN }));
  now += 1_000;
  await make(ANN, 'my own');
  await make(EVE, 'no part of it');
  const remains = await remainsOf(admin, 'spring');
  expect(remains.theirs).toMatchObject([{ kind: 'cluster', name: 'my own', by: ANN, state: 'PENDING' }]);
  expect(remains.strangers).toEqual([]);
  const lines = removalLines('spring', sandbox.url, remains, true).join('\n');
  expect(lines).toContain('not ours: left alone');
  expect(lines).toMatch(/= cluster my own \(\S+, PENDING\), by ann@example\.com/);
  expect(lines).not.toMatch(/long before|no part of it/);
  expect((await remainsOf(admin, 'autumn')).theirs).toEqual([]);
});

test('a plan is told whether everybody can make such machines', async () => {
  const { admin, as, sandbox } = await opened();
  expect(await ownMachinesIn(admin)).toBe('everybody');
  const ann = as(sandbox.tokenFor(ANN));
  onTestFinished(() => ann.close());
  // Who may not read the permissions learns that it is there, and no more.
  expect(await ownMachinesIn(ann)).toBe('perhaps');
  const off = await opened({ personalCompute: false });
  expect(await ownMachinesIn(off.admin)).toBe('perhaps');
  const person = off.as(off.sandbox.tokenFor(ANN));
  onTestFinished(() => person.close());
  expect(await ownMachinesIn(person)).toBeUndefined();
});

async function policies(workspace: Pick<ReturnType<typeof connectWorkspace>, 'clusterPolicies'>) {
  const found = [];
  for await (const policy of workspace.clusterPolicies.list()) found.push(policy);
  return found as [(typeof found)[0]];
}

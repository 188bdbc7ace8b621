import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkshopClient } from '../../src/client.ts';
import { teardownAddress, workshopAddress } from '../../src/domain/replayed/made/addresses.ts';
import { startTemporalServer, type TemporalServer } from '../../src/cli/rehearsal/embedded/temporal-server.ts';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/register-search-attributes.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { planFiles, workshop } from './run-cli.ts';

// A Temporal server and a workspace, and no worker: nothing that is started goes on by itself.
let sandbox: Sandbox;
let temporal: TemporalServer;
const logs = mkdtempSync(join(tmpdir(), 'workshop-cli-test-'));

beforeAll(async () => {
  sandbox = await startSandbox({ people: ['ann@example.com', 'bo@example.com'] });
  temporal = await startTemporalServer({
    ui: false,
    log: join(logs, 'temporal.log'),
    searchAttributes: SEARCH_ATTRIBUTES,
  });
});
afterAll(async () => {
  await temporal?.stop();
  await sandbox?.close();
  rmSync(logs, { recursive: true, force: true });
});

/** Of both servers; an empty value takes a variable away. */
const env = (change: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries({
      TEMPORAL_ADDRESS: temporal.address,
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_TOKEN: sandbox.adminToken,
      ...change,
    }).filter(([, value]) => value !== ''),
  );
const plan = (id: string, workspace = sandbox.url) =>
  planFiles([
    ['id: spring-apps', `id: ${id}`],
    ['https://adb-1234567890123456.7.azuredatabricks.net', workspace],
  ]);

async function withClient<T>(use: (client: WorkshopClient) => Promise<T>): Promise<T> {
  const client = await WorkshopClient.connect(env());
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function expectNothingCreated(id: string): Promise<void> {
  const { clusters, pools, volumes } = sandbox.books();
  expect({
    clusters: clusters.filter(({ alive, tags }) => alive && tags['workshop-id'] === id && tags['workshop-run'] !== RUN),
    pools,
    volumes,
  }).toEqual({ clusters: [], pools: [], volumes: [] });
  expect(await withClient(async (client) => [await client.standing(id), await client.runIdOfReaper(id)])).toEqual([
    'none',
    undefined,
  ]);
}

async function faults(list: readonly unknown[]): Promise<void> {
  const set = await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'PUT', body: JSON.stringify({ faults: list }) });
  expect(set.status).toBe(200);
}

const RUN = '00000000-0000-4000-8000-000000000001';

/** A cluster in the workspace, as an earlier run would have left it. */
async function leave(tags: Readonly<Record<string, string>>, name: string): Promise<void> {
  const answer = await fetch(`${sandbox.url}/api/2.1/clusters/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.adminToken}` },
    body: JSON.stringify({
      cluster_name: name,
      spark_version: '17.3.x-scala2.13',
      node_type_id: 'Standard_D4ds_v5',
      kind: 'CLASSIC_PREVIEW',
      is_single_node: true,
      data_security_mode: 'SINGLE_USER',
      single_user_name: 'ann@example.com',
      autotermination_minutes: 60,
      custom_tags: tags,
    }),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

describe('start refuses, in one sentence and creating nothing', () => {
  it.each<[string, number, RegExp, () => Readonly<Record<string, string>>, string?]>([
    [
      'a refused token',
      3,
      /HTTP 40[13].*credentials|does not accept these credentials/,
      () => ({ DATABRICKS_TOKEN: 'dapi0000' }),
    ],
    [
      'a workspace that does not answer',
      3,
      /no answer \(ECONNREFUSED\)/,
      () => ({ DATABRICKS_HOST: 'http://127.0.0.1:1' }),
      'http://127.0.0.1:1',
    ],
    [
      "another workspace than the plan's",
      2,
      /The plan is for http.*but the environment is for http:\/\/localhost:7/,
      () => ({ DATABRICKS_HOST: 'http://localhost:7' }),
    ],
    ['no workspace at all', 2, /No workspace address/, () => ({ DATABRICKS_HOST: '', DATABRICKS_TOKEN: '' })],
    [
      'a Temporal server that does not answer',
      3,
      /No Temporal server answers at 127\.0\.0\.1:1\./,
      () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    ],
  ])('%s', async (name, code, message, change, workspace) => {
    const id = `refused-${name.replace(/[^a-z]+/g, '-').slice(0, 20)}`;
    const outcome = await workshop(['start', plan(id, workspace ?? sandbox.url), '--yes'], env(change()));
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect([outcome.code, outcome.stdout]).toEqual([code, '']);
    await expectNothingCreated(id);
  });

  it('nobody to say yes', async () => {
    const { code, stderr } = await workshop(['start', plan('unasked')], env());
    expect(stderr).toContain('add --yes');
    expect(stderr).toContain(`Workspace ${sandbox.url} (id ${sandbox.workspaceId}), as ${sandbox.adminUserName}.`);
    expect(code).toBe(2);
    await expectNothingCreated('unasked');
  });

  it('tags of its id in the workspace, unless they are to be adopted', async () => {
    await leave({ 'workshop-id': 'tagged', 'workshop-run': RUN }, 'claude-code-workshop-tagged-ann');
    const file = plan('tagged');
    const refused = await workshop(['start', file, '--yes'], env());
    expect(refused.stderr).toMatch(/holds 1 thing\(s\) tagged with the id "tagged".*--adopt/);
    expect(refused.code).toBe(2);
    await expectNothingCreated('tagged');

    const adopted = await workshop(['start', file, '--yes', '--adopt', '--json'], env());
    expect(adopted.code).toBe(0);
    expect(JSON.parse(adopted.stdout)).toMatchObject({ workshop: { id: 'tagged', runId: RUN } });
  });

  it('while a removal of an earlier one works, which would take away what is made now', async () => {
    const connection = await Connection.connect({ address: temporal.address });
    try {
      const workflowId = teardownAddress('being-removed');
      await new Client({ connection }).workflow.start('teardown', { workflowId, taskQueue: 'of nobody' });
      await leave({ 'workshop-id': 'being-removed', 'workshop-run': RUN }, 'claude-code-workshop-being-removed-ann');
      const outcome = await workshop(['start', plan('being-removed'), '--yes', '--adopt'], env());
      expect(outcome.stderr).toMatch(/A removal of an earlier "being-removed" is under way.*without --adopt/);
      expect([outcome.code, outcome.stdout]).toEqual([2, '']);
      await expectNothingCreated('being-removed');
    } finally {
      await connection.close();
    }
  });

  it('to adopt what is not there', async () => {
    const { code, stderr } = await workshop(['start', plan('nothing-there'), '--yes', '--adopt'], env());
    expect(stderr).toContain('There is nothing to take over');
    expect(code).toBe(2);
  });
});

/** Each of these goes wrong once, at the first list of clusters. */
it.each([
  ['503', { status: 503 }],
  ['429', { status: 429 }],
  ['a reset', { reset: true }],
])('one bad moment of the workspace is waited for: %s', async (name, effect) => {
  const id = `moment-${name.replace(/[^a-z0-9]/g, '-')}`;
  const fault = { name: id, route: 'GET /api/2.1/clusters/list', count: 1, effect };
  await faults([fault]);
  const { code, stderr } = await workshop(['start', plan(id), '--yes', '--json'], env());
  expect(stderr).toContain('It is tried again in');
  expect(code).toBe(0);
  expect(sandbox.books().faults).toEqual([expect.objectContaining({ name: id, fired: 1 })]);
});

describe('a workshop that was started, and no worker', () => {
  it('is refused a second time, warns of sleep and of no worker, and says that only a worker can answer', async () => {
    const file = plan('twice');
    const started = await workshop(['start', file, '--yes', '--json'], env());
    expect(started.stderr).toContain('its timers stop while this computer sleeps');
    expect(started.stderr).toContain('No worker takes its work yet');
    expect(JSON.parse(started.stdout)).toMatchObject({ workshop: { id: 'twice' }, attendees: 2, worker: false });
    expect(started.code).toBe(0);

    const again = await workshop(['start', file, '--yes'], env());
    expect(again.stderr).toContain('A workshop "twice" is running already');
    expect(again.code).toBe(2);

    const status = await workshop(['status', 'twice'], env());
    expect(status.stderr).toContain('No worker answers for "twice"');
    expect(status.code).toBe(3);
    const answer = await workshop(['sign-off', 'twice', 'proxy'], env());
    expect(answer.stderr).toContain('No worker answers for "twice"');
    expect(answer.code).toBe(3);
    const report = await workshop(['report', 'twice'], env());
    expect(report.stderr).toContain('"twice" is not over');
    expect(report.code).toBe(2);
  });

  it('keeps the model that was found for it, whatever is newest when it is taken over', async () => {
    const file = planFiles([
      ['id: spring-apps', 'id: no-model'],
      ['https://adb-1234567890123456.7.azuredatabricks.net', sandbox.url],
      ['  model: databricks-claude-sonnet-4-6\n', ''],
    ]);
    const started = await workshop(['start', file, '--yes', '--json'], env());
    expect(started.stderr.replaceAll(/\s+/g, ' ')).toContain('databricks-claude-sonnet-4-6 is taken, of the 5 Claude');
    const { runId } = (JSON.parse(started.stdout) as { workshop: { runId: string } }).workshop;
    const inForce = () => withClient((client) => client.modelBefore('no-model'));
    expect(await inForce()).toBe('databricks-claude-sonnet-4-6');

    await faults([
      {
        route: 'GET /api/2.0/serving-endpoints',
        effect: { status: 200, body: { endpoints: [{ name: 'databricks-claude-sonnet-5' }] } },
      },
    ]);
    const connection = await Connection.connect({ address: temporal.address });
    await new Client({ connection }).workflow.getHandle(workshopAddress('no-model')).terminate();
    await connection.close();
    const adopted = await workshop(['start', file, '--yes', '--adopt', '--json'], env());
    expect(adopted.code, adopted.stderr).toBe(0);
    expect(JSON.parse(adopted.stdout)).toMatchObject({ workshop: { runId } });
    expect(await inForce()).toBe('databricks-claude-sonnet-4-6');
    await faults([]);
  });

  it('is not found under another id', async () => {
    for (const watch of [[], ['--watch']]) {
      const { code, stderr } = await workshop(['status', 'never-heard-of', ...watch], env());
      expect(stderr).toContain('There is no running workshop "never-heard-of"');
      expect(code).toBe(2);
    }
  });
});

describe('teardown', () => {
  it("lists what would go, and what only looks like a workshop's and stays", async () => {
    await leave({ 'workshop-id': 'gone', 'workshop-run': RUN }, 'claude-code-workshop-gone-ann');
    await leave({}, 'claude-code-workshop-of-somebody-else');
    await leave({}, 'unrelated');
    const { code, stdout } = await workshop(['teardown', 'gone', '--dry-run'], env());
    expect(code).toBe(0);
    expect(stdout).toContain('- cluster claude-code-workshop-gone-ann');
    expect(stdout).toContain('= cluster claude-code-workshop-of-somebody-else');
    expect(stdout).not.toContain('unrelated');
    expect(sandbox.books().clusters.every(({ alive }) => alive)).toBe(true);
  });

  it('does nothing without a worker to do it', async () => {
    await leave({ 'workshop-id': 'left', 'workshop-run': RUN }, 'claude-code-workshop-left-ann');
    const { code, stderr } = await workshop(['teardown', 'left', '--execute', '--yes'], env());
    expect(stderr).toContain('No worker takes work for');
    expect(code).toBe(2);
  });
});

it('plan asks the workspace what the worker may do', async () => {
  const { code, stdout } = await workshop(['plan', plan('asked')], env());
  expect(stdout).toContain(`What ${sandbox.adminUserName} may do in ${sandbox.url}`);
  expect(stdout).toContain('✔ be a workspace admin');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('Personal Compute lets everybody in this workspace make machines');
  expect(code).toBe(0);
});

import { expect, test } from 'vitest';
import { ANN, BEN, getCluster } from '../harness.ts';
import type { Client } from '../harness.ts';
import { annsCluster, describeOnRealNodes, openWithNodes, script } from './on-real-nodes.ts';

const ADMIN = 'workshop-admin@example.com';
const FILE = '/Volumes/main/default/v/work.py';

/** Runs Python as Ann, submitted by an admin, to its end; answers the run and its output. */
async function runAsAnn(admin: Client, clusterId: string, source: string) {
  await admin('PUT', `/api/2.0/fs/files${FILE}?overwrite=true`, source);
  const submitted = await admin('POST', '/api/2.2/jobs/runs/submit', {
    run_name: 'work',
    run_as: { user_name: ANN },
    tasks: [
      {
        task_key: 'work',
        existing_cluster_id: clusterId,
        spark_python_task: { python_file: FILE, parameters: ['first', 'second'] },
      },
    ],
  });
  expect(submitted.status, submitted.text).toBe(200);
  const run = async () => (await admin('GET', `/api/2.2/jobs/runs/get?run_id=${submitted.json.run_id}`)).json;
  await expect.poll(async () => (await run()).status.state as string, { timeout: 20_000 }).toBe('TERMINATED');
  const ended = await run();
  return { ended, output: (await admin('GET', `/api/2.2/jobs/runs/get-output?run_id=${ended.tasks[0].run_id}`)).json };
}

describeOnRealNodes('work on a real node', () => {
  test('a Python file is run with its arguments, as the user of the run, as in a notebook', async () => {
    const { admin, sandbox } = await openWithNodes('auto');
    const id = await annsCluster(admin);
    const { ended, output } = await runAsAnn(
      admin,
      id,
      `import json, os, sys, urllib.request
from dbruntime.databricks_repl_context import get_context
context = get_context()
headers = {'authorization': 'Bearer ' + context.apiToken}
asked = urllib.request.Request(context.workspaceUrl + '/api/2.0/preview/scim/v2/Me', headers=headers)
me = json.load(urllib.request.urlopen(asked))['userName']
version = os.environ['DATABRICKS_RUNTIME_VERSION']
print(json.dumps([sys.argv[1:], me, context.clusterId, version, 'DATABRICKS_TOKEN' in os.environ]))
`,
    );
    expect(ended.state).toMatchObject({ result_state: 'SUCCESS' });
    expect(JSON.parse(output.logs)).toEqual([['first', 'second'], ANN, id, '17.3', false]);
    expect(sandbox.books().runs).toMatchObject([
      { creator: 'workshop-admin@example.com', runAs: ANN, tasks: [{ node: 'real' }] },
    ]);
    expect((await getCluster(admin, id)).default_tags.SandboxNode).toBe('real');
  });

  test('one that fails has its error and trace, and its token is worth nothing afterwards', async () => {
    const { admin, sandbox } = await openWithNodes('auto');
    const { ended, output } = await runAsAnn(
      admin,
      await annsCluster(admin),
      `from dbruntime.databricks_repl_context import get_context\nprint(get_context().apiToken)\n{}['door']\n`,
    );
    expect(ended.state).toMatchObject({ result_state: 'FAILED' });
    expect(output.error).toBe("KeyError: 'door'");
    expect(output.error_trace).toContain(`File "${FILE}", line 3`);
    const used = await fetch(`${sandbox.url}/api/2.0/preview/scim/v2/Me`, {
      headers: { authorization: `Bearer ${(output.logs as string).trim()}` },
    });
    expect(used.status).toBe(401);
  });

  test('a notebook gets its parameters, runs shell cells, and hands back what it exits with', async () => {
    const { admin, as } = await openWithNodes('auto');
    const id = await annsCluster(admin);
    const ann = as(ANN);
    const source = [
      '# Databricks notebook source',
      'name = dbutils.widgets.get("name")',
      '',
      '# COMMAND ----------',
      '',
      '# MAGIC %sh',
      '# MAGIC echo from the shell',
      '',
      '# COMMAND ----------',
      '',
      'dbutils.notebook.exit("hello " + name)',
      '',
    ].join('\n');
    await ann('POST', '/api/2.0/workspace/import', {
      path: `/Users/${ANN}/greet`,
      format: 'SOURCE',
      language: 'PYTHON',
      content: Buffer.from(source).toString('base64'),
    });
    const submitted = await ann('POST', '/api/2.1/jobs/runs/submit', {
      tasks: [
        {
          task_key: 'greet',
          existing_cluster_id: id,
          notebook_task: { notebook_path: `/Users/${ANN}/greet`, base_parameters: { name: 'Ann' } },
        },
      ],
    });
    const run = async () => (await ann('GET', `/api/2.1/jobs/runs/get?run_id=${submitted.json.run_id}`)).json;
    await expect
      .poll(async () => (await run()).state.life_cycle_state as string, { timeout: 20_000 })
      .toBe('TERMINATED');
    const output = (await ann('GET', `/api/2.1/jobs/runs/get-output?run_id=${(await run()).tasks[0].run_id}`)).json;
    expect(output.notebook_output).toMatchObject({ result: 'hello Ann', truncated: false });
  });

  test('what somebody leaves there, however much, is no trouble for the sandbox', async () => {
    const { admin } = await openWithNodes('auto');
    const id = await annsCluster(admin);
    const { output } = await runAsAnn(
      admin,
      id,
      `import os
for name in ('vast', 'huge'):
    with open(f'/Volumes/main/default/v/{name}.py', 'wb') as file:
        file.truncate(536_870_900 if name == 'vast' else 1 << 40)
os.chdir('/local_disk0')
for _ in range(30_000):
    os.mkdir('d')
    os.chdir('d')
os.chdir('/')
print('left')`,
    );
    expect(output.logs, output.error).toContain('left');
    for (const name of ['vast', 'huge']) {
      const { run_id } = (
        await admin('POST', '/api/2.1/jobs/runs/submit', {
          run_as: { user_name: ANN },
          tasks: [
            {
              task_key: 'a',
              existing_cluster_id: id,
              spark_python_task: { python_file: `/Volumes/main/default/v/${name}.py` },
            },
          ],
        })
      ).json;
      const state = async () => (await admin('GET', `/api/2.1/jobs/runs/get?run_id=${run_id}`)).json.state;
      await expect.poll(async () => (await state()).life_cycle_state as string).toBe('INTERNAL_ERROR');
      expect((await state()).state_message).toContain(
        `Unable to access the Python file "/Volumes/main/default/v/${name}.py"`,
      );
    }
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    await expect.poll(async () => (await getCluster(admin, id)).state as string).toBe('TERMINATED');
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    await expect.poll(async () => (await getCluster(admin, id)).state as string).toBe('RUNNING');
    expect((await runAsAnn(admin, id, 'import os\nprint(os.listdir("/local_disk0"))')).output.logs).toContain('[]');
  });

  test('a cluster of no one shows what everybody may see: whoever attaches is root there', async () => {
    const { admin } = await openWithNodes('auto');
    const id = await annsCluster(admin, 'shared', {
      kind: undefined,
      is_single_node: undefined,
      num_workers: 1,
      data_security_mode: 'NONE',
      single_user_name: undefined,
    });
    await admin('POST', '/api/2.1/unity-catalog/volumes', {
      catalog_name: 'main',
      schema_name: 'default',
      name: 'admins_only',
      volume_type: 'MANAGED',
    });
    const { output } = await runAsAnn(
      admin,
      id,
      'import os\nprint(os.listdir("/Workspace/Users"), os.listdir("/Volumes/main/default"))',
    );
    expect(output.logs).toContain("[] ['v']");
  });

  test('the first four clusters that work comes to are real, the next says that nothing was run', async () => {
    const { admin, sandbox } = await openWithNodes('auto');
    for (let count = 0; count < 5; count += 1)
      await runAsAnn(admin, await annsCluster(admin, `ws-${count}`), 'print("ran")');
    const kinds = sandbox.books().runs.map((run) => run.tasks[0]?.node);
    expect(kinds.filter((kind) => kind === 'real')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'simulated')).toHaveLength(1);
  });

  test('one more is real that somebody made for themselves, and one that is deleted leaves its place', async () => {
    const { admin, sandbox } = await openWithNodes('auto');
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) ids.push(await annsCluster(admin, `ws-${count}`));
    for (const id of ids) await runAsAnn(admin, id, 'print("ran")');
    const own = async (name: string) =>
      (
        await admin('POST', '/api/2.1/clusters/create', {
          cluster_name: name,
          spark_version: '17.3.x-scala2.13',
          node_type_id: 'Standard_D4ds_v5',
          kind: 'CLASSIC_PREVIEW',
          is_single_node: true,
          data_security_mode: 'SINGLE_USER',
          single_user_name: ADMIN,
        })
      ).json.cluster_id as string;
    const work = async (id: string, name: string) => {
      await expect.poll(async () => (await getCluster(admin, id)).state as string, { timeout: 20_000 }).toBe('RUNNING');
      await admin('PUT', `/api/2.0/fs/files${FILE}?overwrite=true`, 'print("ran")');
      await admin('POST', '/api/2.2/jobs/runs/submit', {
        run_name: name,
        tasks: [{ task_key: 'work', existing_cluster_id: id, spark_python_task: { python_file: FILE } }],
      });
      await expect
        .poll(() => sandbox.books().runs.find((run) => run.name === name)?.tasks[0]?.node, { timeout: 20_000 })
        .toBeDefined();
      return sandbox.books().runs.find((run) => run.name === name)?.tasks[0]?.node;
    };
    const [first, second] = [await own('first'), await own('second')];
    expect(await work(first, 'first')).toBe('real');
    expect(await work(second, 'second')).toBe('simulated');
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: first });
    expect(await work(await own('third'), 'third')).toBe('real');
  });

  test('init scripts run before the first work on it, and one that fails ends a cluster that was RUNNING', async () => {
    const { admin } = await openWithNodes('auto');
    const good = await annsCluster(admin, 'ws-good', await script(admin, 'echo ready > /opt/prepared\n'));
    expect((await runAsAnn(admin, good, 'print(open("/opt/prepared").read())')).output.logs.trim()).toBe('ready');
    const bad = await annsCluster(admin, 'ws-bad', await script(admin, 'exit 4\n', '/Volumes/main/default/v/bad.sh'));
    const { ended } = await runAsAnn(admin, bad, 'print("never")');
    expect(ended.state.result_state ?? ended.state.life_cycle_state).not.toBe('SUCCESS');
    await expect.poll(async () => (await getCluster(admin, bad)).state as string).toBe('TERMINATED');
    expect((await getCluster(admin, bad)).termination_reason.code).toBe('INIT_SCRIPT_FAILURE');
  });

  test('what was on the local disk is gone after a stop, what was in the workspace is not', async () => {
    const { admin } = await openWithNodes('auto');
    const id = await annsCluster(admin);
    await runAsAnn(
      admin,
      id,
      `open('/root/local', 'w').write('x'); open('/Workspace/Users/${ANN}/kept', 'w').write('kept')`,
    );
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: id });
    await expect.poll(async () => (await getCluster(admin, id)).state as string).toBe('TERMINATED');
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: id });
    await expect.poll(async () => (await getCluster(admin, id)).state as string).toBe('RUNNING');
    const { output } = await runAsAnn(
      admin,
      id,
      `import os\nprint(os.path.exists('/root/local'), open('/Workspace/Users/${ANN}/kept').read(), ` +
        "os.listdir('/Workspace/Users'))",
    );
    expect(output.logs.trim()).toBe(`False kept ['${ANN}']`);
    expect(
      (
        await admin(
          'GET',
          `/api/2.0/workspace/export?direct_download=true&path=${encodeURIComponent(`/Users/${ANN}/kept`)}`,
        )
      ).text,
    ).toBe('kept');
  });

  test("nobody else's folder is there, nor the sandbox's own routes", async () => {
    const { admin, as, sandbox } = await openWithNodes('auto');
    await as(BEN)('POST', '/api/2.0/workspace/import', {
      path: `/Users/${BEN}/diary`,
      format: 'AUTO',
      content: Buffer.from('secret').toString('base64'),
    });
    const { output } = await runAsAnn(
      admin,
      await annsCluster(admin),
      "import subprocess\nprint(subprocess.run('find / -name diary 2>/dev/null; ln -s " +
        `/Workspace/Users/${BEN}/diary /Workspace/Users/${ANN}/link; curl -s -o /dev/null -w ` +
        `"%{http_code}" ${sandbox.url}/__sandbox/books', shell=True, capture_output=True, ` +
        'text=True).stdout)',
    );
    expect(output.logs.trim()).toBe('403');
    expect(
      (
        await admin(
          'GET',
          `/api/2.0/workspace/export?direct_download=true&path=${encodeURIComponent(`/Users/${ANN}/link`)}`,
        )
      ).status,
    ).toBe(404);
  });
});

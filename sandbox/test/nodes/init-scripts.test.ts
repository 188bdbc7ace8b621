import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ANN, createCluster, getCluster, spec } from '../harness.ts';
import type { Client } from '../harness.ts';
import { describeOnRealNodes, grant, openWithNodes, script } from './on-real-nodes.ts';

async function settled(admin: Client, id: string) {
  await expect
    .poll(async () => (await getCluster(admin, id)).state as string, { timeout: 20_000 })
    .toMatch(/^(RUNNING|TERMINATED)$/);
  return getCluster(admin, id);
}

async function events(
  admin: Client,
  id: string,
): Promise<
  {
    type: string;
    details: { init_scripts: { cluster: Record<string, unknown>[] }; databricks_error_message: string };
  }[]
> {
  return (await admin('POST', '/api/2.1/clusters/events', { cluster_id: id, order: 'ASC' })).json.events;
}

const logged = async (admin: Client, folder: string, ending: string): Promise<string> => {
  const entries = (await admin('GET', `/api/2.0/fs/directories${folder}`)).json.contents as {
    path: string;
    name: string;
  }[];
  const found = entries.find(({ name }) => name.endsWith(ending));
  return (await admin('GET', `/api/2.0/fs/files${found?.path ?? ''}`)).text;
};

describeOnRealNodes('init scripts', () => {
  test('run with exactly the documented environment, and their output lands in the log volume', async () => {
    const { admin } = await openWithNodes('real');
    const id = await createCluster(admin, {
      ...(await script(admin, 'env | sort\necho careful >&2\necho hello > /Volumes/main/default/v/from-the-node\n')),
      spark_env_vars: { COURSE: 'claude' },
      cluster_log_conf: { volumes: { destination: '/Volumes/main/default/v/logs' } },
    });
    expect((await settled(admin, id)).state).toBe('RUNNING');
    const folder = `/Volumes/main/default/v/logs/${id}/init_scripts/${id}_10_139_64_4`;
    const environment = await logged(admin, folder, '_init.sh.stdout.log');
    expect(
      environment
        .split('\n')
        .map((line) => line.split('=')[0])
        .filter((name) => !['', 'PWD', 'SHLVL', '_'].includes(name ?? '')),
    ).toEqual([
      'COURSE',
      'DB_CLUSTER_ID',
      'DB_CLUSTER_NAME',
      'DB_CONTAINER_IP',
      'DB_DRIVER_IP',
      'DB_INSTANCE_TYPE',
      'DB_IS_DRIVER',
      'DB_IS_JOB_CLUSTER',
      'HOME',
      'PATH',
    ]);
    expect(environment).toContain(`DB_CLUSTER_ID=${id}\n`);
    expect(await logged(admin, folder, '_init.sh.stderr.log')).toBe('careful\n');
    expect((await admin('GET', '/api/2.0/fs/files/Volumes/main/default/v/from-the-node')).text).toBe('hello\n');
  });

  test('one that fails ends the cluster with its exit status, and the next is not run', async () => {
    const { admin } = await openWithNodes('real');
    await script(admin, 'touch /Volumes/main/default/v/never\n', '/Volumes/main/default/v/second.sh');
    const first = await script(admin, 'echo "no room" >&2\nexit 3\n');
    const id = await createCluster(admin, {
      init_scripts: [...first.init_scripts, { volumes: { destination: '/Volumes/main/default/v/second.sh' } }],
    });
    const cluster = await settled(admin, id);
    expect(cluster.state).toBe('TERMINATED');
    expect(cluster.termination_reason).toMatchObject({ code: 'INIT_SCRIPT_FAILURE', type: 'CLIENT_ERROR' });
    expect(cluster.termination_reason.parameters.databricks_error_message).toContain(
      'Script exit status is non-zero: 3, no room',
    );
    const finished = (await events(admin, id)).find(({ type }) => type === 'INIT_SCRIPTS_FINISHED');
    expect(finished?.details.init_scripts.cluster).toMatchObject([
      { status: 'FAILED_EXECUTION' },
      { status: 'NOT_EXECUTED' },
    ]);
    expect((await admin('HEAD', '/api/2.0/fs/files/Volumes/main/default/v/never')).status).toBe(404);
    await expect
      .poll(() =>
        spawnSync('pgrep', ['-c', '-P', String(process.pid), 'bwrap'])
          .stdout.toString()
          .trim(),
      )
      .toBe('0');
  });

  test("are fetched with the rights of the cluster's user, who also sees only their own volumes", async () => {
    const { admin } = await openWithNodes('real');
    await admin('POST', '/api/2.1/unity-catalog/volumes', {
      catalog_name: 'main',
      schema_name: 'default',
      name: 'secret',
      volume_type: 'MANAGED',
    });
    const hidden = await script(admin, 'exit 0\n', '/Volumes/main/default/secret/init.sh');
    const refused = await settled(admin, await createCluster(admin, hidden));
    expect(refused.termination_reason.parameters.databricks_error_message).toContain(
      "User does not have READ VOLUME on Volume 'main.default.secret'",
    );

    const looking = await script(
      admin,
      'ls /Volumes/main/default > /Volumes/main/default/v/seen\nls /Workspace/Users >> /Volumes/main/default/v/seen\n',
    );
    expect((await settled(admin, await createCluster(admin, looking))).state).toBe('RUNNING');
    expect((await admin('GET', '/api/2.0/fs/files/Volumes/main/default/v/seen')).text).toBe(`v\n${ANN}\n`);
  });

  test('a log volume that the user may not write to gets nothing, and an event says so', async () => {
    const { admin } = await openWithNodes('real');
    await admin('POST', '/api/2.1/unity-catalog/volumes', {
      catalog_name: 'main',
      schema_name: 'default',
      name: 'logs',
      volume_type: 'MANAGED',
    });
    await grant(admin, 'volume/main.default.logs', ANN, ['READ_VOLUME']);
    const id = await createCluster(admin, {
      ...(await script(admin, 'echo hello\n')),
      cluster_log_conf: { volumes: { destination: '/Volumes/main/default/logs' } },
    });
    expect((await settled(admin, id)).state).toBe('RUNNING');
    const trouble = (await events(admin, id)).find(({ type }) => type === 'UC_VOLUME_MISCONFIGURED');
    expect(trouble?.details.databricks_error_message).toContain('WRITE VOLUME');
  });

  test("find secrets in the cluster's variables; without one it does not come up", async () => {
    const { admin } = await openWithNodes('real');
    await admin('POST', '/api/2.0/secrets/scopes/create', { scope: 'course' });
    await admin('POST', '/api/2.0/secrets/put', { scope: 'course', key: 'word', string_value: 'sesame' });
    const given = await script(admin, 'echo "$WORD" > /Volumes/main/default/v/word\n');
    expect(
      (
        await settled(
          admin,
          await createCluster(admin, { ...given, spark_env_vars: { WORD: '{{secrets/course/word}}' } }),
        )
      ).state,
    ).toBe('RUNNING');
    expect((await admin('GET', '/api/2.0/fs/files/Volumes/main/default/v/word')).text).toBe('sesame\n');
    const without = await settled(
      admin,
      await createCluster(admin, { ...given, spark_env_vars: { WORD: '{{secrets/course/nothing}}' } }),
    );
    expect(without.termination_reason).toMatchObject({ code: 'UNEXPECTED_LAUNCH_FAILURE' });
    expect(without.state_message).toMatch(/nothing/);
  });

  test('a secret in a variable must be open to whoever put it there, not only to who made the cluster', async () => {
    const { admin, as, sandbox } = await openWithNodes('real');
    sandbox.addGroup('builders', { members: [ANN], entitlements: ['allow-cluster-create'] });
    await admin('POST', '/api/2.0/secrets/scopes/create', { scope: 'course' });
    await admin('POST', '/api/2.0/secrets/put', { scope: 'course', key: 'word', string_value: 'sesame' });
    const id = await createCluster(admin);
    await settled(admin, id);
    await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
      access_control_list: [{ user_name: ANN, permission_level: 'CAN_MANAGE' }],
    });
    const given = await script(admin, 'echo "$WORD" > /Volumes/main/default/v/word\n');
    const edited = await as(ANN)('POST', '/api/2.1/clusters/edit', {
      ...spec({ ...given, spark_env_vars: { WORD: '{{secrets/course/word}}' } }),
      cluster_id: id,
    });
    expect(edited.status, edited.text).toBe(200);
    const { termination_reason, state_message } = await settled(admin, id);
    expect(termination_reason).toMatchObject({ code: 'UNEXPECTED_LAUNCH_FAILURE' });
    expect(state_message).toContain(`User ${ANN} does not have READ permission on scope: course`);
  });

  test("may lie in a workspace folder that the cluster's user may read", async () => {
    const { admin, as } = await openWithNodes('real');
    const put = (who: Client, path: string) =>
      who('POST', '/api/2.0/workspace/import', {
        path,
        format: 'AUTO',
        overwrite: true,
        content: Buffer.from('echo ran > /Volumes/main/default/v/ran\n').toString('base64'),
      });
    expect((await put(as(ANN), `/Users/${ANN}/init.sh`)).status).toBe(200);
    expect((await put(admin, '/Users/workshop-admin@example.com/init.sh')).status).toBe(200);
    const from = (destination: string) => ({ init_scripts: [{ workspace: { destination } }] });
    expect((await settled(admin, await createCluster(admin, from(`/Users/${ANN}/init.sh`)))).state).toBe('RUNNING');
    expect((await admin('GET', '/api/2.0/fs/files/Volumes/main/default/v/ran')).text).toBe('ran\n');
    const refused = await settled(admin, await createCluster(admin, from('/Users/workshop-admin@example.com/init.sh')));
    expect(refused.termination_reason.parameters.databricks_error_message).toContain(`${ANN} may not read it`);
  });

  test('on a simulated node they are only fetched', async () => {
    const { admin } = await openWithNodes('auto');
    const id = await createCluster(admin, await script(admin, 'touch /Volumes/main/default/v/ran\n'));
    expect(await settled(admin, id)).toMatchObject({ state: 'RUNNING', default_tags: { SandboxNode: 'simulated' } });
    expect((await admin('HEAD', '/api/2.0/fs/files/Volumes/main/default/v/ran')).status).toBe(404);
  });
});

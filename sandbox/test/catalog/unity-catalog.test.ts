import { describe, expect, test } from 'vitest';
import { ANN, BEN, MINUTE, createCluster, getCluster, openSandbox } from '../harness.ts';
import type { Client } from '../harness.ts';
import { rawRequest } from '../raw-request.ts';

const UC = '/api/2.1/unity-catalog';
const FILES = '/api/2.0/fs/files/Volumes/main/default/scripts';
const DIRECTORIES = '/api/2.0/fs/directories/Volumes/main/default/scripts';
const SCRIPT = '/Volumes/main/default/scripts/install.sh';

const createVolume = (client: Client, name = 'scripts') =>
  client('POST', `${UC}/volumes`, { catalog_name: 'main', schema_name: 'default', name, volume_type: 'MANAGED' });
const grant = (client: Client, type: string, name: string, principal: string, ...add: string[]) =>
  client('PATCH', `${UC}/permissions/${type}/${name}`, { changes: [{ principal, add }] });

describe('volumes', () => {
  test('are created, found in any case, listed and deleted', async () => {
    const { admin, sandbox } = await openSandbox();
    const made = await createVolume(admin, 'Scripts');
    expect(made.json).toMatchObject({
      full_name: 'main.default.scripts',
      volume_type: 'MANAGED',
      owner: sandbox.adminUserName,
    });
    expect((await admin('GET', `${UC}/volumes/Main.Default.SCRIPTS`)).json.full_name).toBe('main.default.scripts');
    expect((await createVolume(admin)).json.error_code).toBe('VOLUME_ALREADY_EXISTS');
    expect((await admin('GET', `${UC}/volumes?catalog_name=main&schema_name=default`)).json.volumes).toHaveLength(1);
    expect((await admin('DELETE', `${UC}/volumes/main.default.scripts`)).status).toBe(200);
    expect((await admin('GET', `${UC}/volumes?catalog_name=main&schema_name=default`)).json).toEqual({});
  });

  test.each([
    ['volumes/main.default.none', 'VOLUME_DOES_NOT_EXIST'],
    ['volumes/main.none.none', 'SCHEMA_DOES_NOT_EXIST'],
    ['schemas/none.default', 'CATALOG_DOES_NOT_EXIST'],
    ['catalogs/none', 'CATALOG_DOES_NOT_EXIST'],
  ])('%s answers 404 %s', async (path, code) => {
    const { admin } = await openSandbox();
    const answer = await admin('GET', `${UC}/${path}`);
    expect(answer.status).toBe(404);
    expect(answer.json.error_code).toBe(code);
  });

  test('a person may not create one without CREATE VOLUME', async () => {
    const { admin, as } = await openSandbox();
    expect((await createVolume(as(ANN))).status).toBe(403);
    await grant(admin, 'catalog', 'main', 'account users', 'USE_CATALOG');
    await grant(admin, 'schema', 'main.default', ANN, 'USE_SCHEMA', 'CREATE_VOLUME');
    expect((await createVolume(as(ANN))).json.owner).toBe(ANN);
    expect((await createVolume(as(BEN), 'other')).status).toBe(403);
  });
});

describe('grants', () => {
  test('are added and removed, read back, and left out when there are none', async () => {
    const { admin } = await openSandbox();
    await createVolume(admin);
    expect((await admin('GET', `${UC}/permissions/volume/main.default.scripts`)).json).toEqual({});
    await grant(admin, 'volume', 'main.default.scripts', ANN, 'READ_VOLUME', 'WRITE_VOLUME');
    await admin('PATCH', `${UC}/permissions/volume/main.default.scripts`, {
      changes: [
        { principal: ANN, remove: ['WRITE_VOLUME'] },
        { principal: 'users', add: ['READ_VOLUME'] },
      ],
    });
    expect((await admin('GET', `${UC}/permissions/volume/main.default.scripts`)).json.privilege_assignments).toEqual([
      { principal: ANN, privileges: ['READ_VOLUME'] },
      { principal: 'users', privileges: ['READ_VOLUME'] },
    ]);
    expect(
      (await admin('GET', `${UC}/permissions/volume/main.default.scripts?principal=users`)).json.privilege_assignments,
    ).toHaveLength(1);
  });

  test('effective ones tell where they come from', async () => {
    const { admin } = await openSandbox();
    await createVolume(admin);
    await grant(admin, 'catalog', 'main', ANN, 'READ_VOLUME');
    await grant(admin, 'volume', 'main.default.scripts', ANN, 'WRITE_VOLUME');
    expect(
      (await admin('GET', `${UC}/effective-permissions/volume/main.default.scripts?principal=${ANN}`)).json
        .privilege_assignments,
    ).toEqual([
      {
        principal: ANN,
        privileges: [
          { privilege: 'WRITE_VOLUME' },
          { privilege: 'READ_VOLUME', inherited_from_type: 'CATALOG', inherited_from_name: 'main' },
        ],
      },
    ]);
  });

  test('an empty PATCH, an unknown principal and a privilege that does not fit are refused', async () => {
    const { admin, as } = await openSandbox();
    await createVolume(admin);
    const path = `${UC}/permissions/volume/main.default.scripts`;
    expect((await admin('PATCH', path)).status).toBe(400);
    expect((await admin('PATCH', path, {})).status).toBe(400);
    const unknown = await grant(admin, 'volume', 'main.default.scripts', 'nobody@example.com', 'READ_VOLUME');
    expect(unknown.status).toBe(404);
    expect(unknown.json).toMatchObject({
      error_code: 'PRINCIPAL_DOES_NOT_EXIST',
      message: 'Could not find principal with name nobody@example.com',
    });
    expect((await grant(admin, 'volume', 'main.default.scripts', ANN, 'USE_CATALOG')).status).toBe(400);
    expect((await grant(as(ANN), 'volume', 'main.default.scripts', ANN, 'READ_VOLUME')).status).toBe(403);
  });
});

describe('files', () => {
  test('a file is written, read, overwritten unless that is refused, and removed', async () => {
    const { admin } = await openSandbox();
    await createVolume(admin);
    const encoded = '/api/2.0/fs/files/Volumes%2Fmain%2Fdefault%2Fscripts%2Fa%20b.sh';
    expect((await admin('HEAD', encoded)).status).toBe(404);
    expect((await admin('PUT', `${encoded}?overwrite=false`, 'one')).status).toBe(204);
    const refused = await admin('PUT', `${encoded}?overwrite=false`, 'two');
    expect([refused.status, refused.json.error_code]).toEqual([409, 'ALREADY_EXISTS']);
    expect((await admin('GET', encoded)).text).toBe('one');
    expect((await admin('PUT', encoded, 'two')).status).toBe(204);
    expect((await admin('PUT', `${encoded}?overwrite=true`, 'three')).status).toBe(204);
    expect((await admin('GET', encoded)).text).toBe('three');
    expect((await admin('HEAD', encoded)).headers.get('content-length')).toBe('5');
    expect((await admin('DELETE', encoded)).status).toBe(204);
    expect((await admin('DELETE', encoded)).status).toBe(404);
  });

  test('of many who write a file that is not there with overwrite=false, one succeeds', async () => {
    const { admin } = await openSandbox();
    await createVolume(admin);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => admin('PUT', `${FILES}/claim.json?overwrite=false`, `${n}`)),
    );
    const won = answers.flatMap(({ status }, n) => (status === 204 ? [n] : []));
    expect(won).toHaveLength(1);
    expect((await admin('GET', `${FILES}/claim.json`)).text).toBe(String(won[0]));
  });

  test('a file and a directory are made with their parents, and a directory goes only when empty', async () => {
    const { admin, sandbox } = await openSandbox();
    await createVolume(admin);
    expect((await admin('PUT', `${FILES}/new/dir/f`, 'x')).status).toBe(204);
    expect((await admin('GET', `${FILES}/new/dir/f`)).text).toBe('x');
    expect((await admin('PUT', `${FILES}/new/dir/f/g`, 'x')).status).toBe(409);
    await admin('DELETE', `${FILES}/new/dir/f`);
    expect((await admin('HEAD', `${DIRECTORIES}/new/dir`)).status).toBe(200);
    expect((await admin('PUT', `${DIRECTORIES}/a/b`)).status).toBe(204);
    expect((await admin('HEAD', `${DIRECTORIES}/a`)).status).toBe(200);
    expect((await admin('PUT', `${FILES}/a/b/c.txt`, 'x')).status).toBe(204);
    expect((await admin('GET', `${DIRECTORIES}/a`)).json.contents).toMatchObject([
      { path: '/Volumes/main/default/scripts/a/b', name: 'b', is_directory: true },
    ]);
    expect((await admin('DELETE', `${DIRECTORIES}/a/b`)).status).toBe(400);
    expect(sandbox.books().files).toEqual(['/Volumes/main/default/scripts/a/b/c.txt']);
    await admin('DELETE', `${FILES}/a/b/c.txt`);
    expect((await admin('DELETE', `${DIRECTORIES}/a/b`)).status).toBe(204);
  });

  test('reading needs READ VOLUME and writing WRITE VOLUME, on top of the way there', async () => {
    const { admin, as } = await openSandbox();
    await createVolume(admin);
    await admin('PUT', `${FILES}/a.sh`, 'x');
    const ann = as(ANN);
    expect((await ann('GET', `${FILES}/a.sh`)).json.message).toBe("User does not have USE CATALOG on Catalog 'main'.");
    await grant(admin, 'catalog', 'main', 'users', 'USE_CATALOG');
    await grant(admin, 'schema', 'main.default', 'users', 'USE_SCHEMA');
    await grant(admin, 'volume', 'main.default.scripts', ANN, 'READ_VOLUME');
    expect((await ann('GET', `${FILES}/a.sh`)).text).toBe('x');
    expect((await ann('PUT', `${FILES}/b.sh`, 'x')).json.message).toBe(
      "User does not have WRITE VOLUME on Volume 'main.default.scripts'.",
    );
  });

  test.each([
    '/api/2.0/fs/files/Volumes/main/default/scripts/../../x',
    '/api/2.0/fs/files/Volumes%2Fmain%2Fdefault%2Fscripts%2F..%2Fx',
    '/api/2.0/fs/files/Volumes/main/default/scripts/%00',
    '/api/2.0/fs/files/Volumes/main/default/scripts//x',
    '/api/2.0/fs/files/etc/passwd',
    '/api/2.0/fs/files/Volumes/main',
    '/api/2.0/fs/files/Volumes/main/default/scripts/%zz',
  ])('%s is refused', async (path) => {
    const { admin, sandbox } = await openSandbox();
    await createVolume(admin);
    const { status, text } = await rawRequest(sandbox, 'PUT', path);
    expect(status).toBe(400);
    expect(JSON.parse(text).error_code).toBe('INVALID_PARAMETER_VALUE');
    expect((await admin('GET', '/api/2.0/fs/directories/Volumes/main/default/scripts')).json).toEqual({});
  });
});

describe('init scripts', () => {
  async function withScript() {
    const opened = await openSandbox();
    await createVolume(opened.admin);
    await opened.admin('PUT', `${FILES}/install.sh`, '#!/bin/bash');
    const boot = async () => {
      const id = await createCluster(opened.admin, { init_scripts: [{ volumes: { destination: SCRIPT } }] });
      opened.pass(60 * MINUTE);
      const finished = (
        await opened.admin('POST', '/api/2.1/clusters/events', {
          cluster_id: id,
          event_types: ['INIT_SCRIPTS_FINISHED', 'INIT_SCRIPTS_STARTED'],
        })
      ).json.events;
      return { cluster: await getCluster(opened.admin, id), finished };
    };
    return { ...opened, boot };
  }

  test('the single user without grants cannot fetch them, though the creator is an admin', async () => {
    const { boot } = await withScript();
    const { cluster, finished } = await boot();
    expect(cluster).toMatchObject({
      state: 'TERMINATED',
      termination_reason: { code: 'INIT_SCRIPT_FAILURE', type: 'CLIENT_ERROR' },
    });
    expect(finished[0].details.init_scripts.cluster[0]).toMatchObject({
      volumes: { destination: SCRIPT },
      status: 'FAILED_FETCH',
    });
    expect(finished[0].details.init_scripts.cluster[0].error_message).toContain('USE CATALOG');
  });

  test('with all three privileges, directly or through a group, they succeed', async () => {
    const { admin, boot } = await withScript();
    await grant(admin, 'catalog', 'main', 'account users', 'USE_CATALOG');
    await grant(admin, 'schema', 'main.default', 'users', 'USE_SCHEMA');
    expect((await boot()).cluster.state).toBe('TERMINATED');
    await grant(admin, 'volume', 'main.default.scripts', ANN, 'READ_VOLUME');
    const { cluster, finished } = await boot();
    expect(cluster.state).toBe('RUNNING');
    expect(finished.map((event: { type: string }) => event.type)).toEqual([
      'INIT_SCRIPTS_FINISHED',
      'INIT_SCRIPTS_STARTED',
    ]);
    expect(finished[0].details.init_scripts.cluster[0]).toMatchObject({ status: 'SUCCEEDED' });
    expect(finished[0].details.init_scripts.reported_for_node).toMatch(/^10\./);
    expect(finished[1].details.init_scripts.cluster[0]).toEqual({ volumes: { destination: SCRIPT } });
  });

  test('a script that is not there is FAILED_FETCH too', async () => {
    const { admin, boot } = await withScript();
    await grant(admin, 'catalog', 'main', ANN, 'USE_CATALOG', 'USE_SCHEMA', 'READ_VOLUME');
    await admin('DELETE', `${FILES}/install.sh`);
    const { cluster } = await boot();
    expect(cluster.termination_reason.parameters.databricks_error_message).toContain('does not exist');
  });
});

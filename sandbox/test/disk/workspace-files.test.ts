import { readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ANN, BEN, openSandbox, scratchFolder } from '../harness.ts';
import type { Answer, Client } from '../harness.ts';
import { rawRequest } from '../raw-request.ts';
import { zipOf } from '../zip-archive.ts';

const HOME = `/Users/${ANN}`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const status = (client: Client, path: string) =>
  client('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}&return_export_info=true`);
const list = (client: Client, path: string) =>
  client('GET', `/api/2.0/workspace/list?path=${encodeURIComponent(path)}`);
const mkdirs = (client: Client, path: string) => client('POST', '/api/2.0/workspace/mkdirs', { path });
const remove = (client: Client, path: string, recursive = false) =>
  client('POST', '/api/2.0/workspace/delete', { path, recursive });
const download = (client: Client, path: string, format = 'SOURCE') =>
  client('GET', `/api/2.0/workspace/export?direct_download=true&format=${format}&path=${encodeURIComponent(path)}`);
const importFile = (client: Client, path: string, body: string | Buffer, overwrite = false) =>
  client(
    'POST',
    `/api/2.0/workspace-files/import-file/${encodeURIComponent(path.slice(1))}?overwrite=${overwrite}`,
    body,
  );
const importNotebook = (client: Client, path: string, source: string, more: Record<string, unknown> = {}) =>
  client('POST', '/api/2.0/workspace/import', {
    path,
    format: 'SOURCE',
    language: 'PYTHON',
    content: base64(source),
    ...more,
  });

const refusal = ({ status: code, json }: Answer): unknown => [code, json.error_code, json.message];
const pathsOf = (answer: Answer): string[] =>
  (answer.json.objects ?? []).map((object: { path: string }) => object.path);

/** A sandbox whose folder the test can look into. */
async function openWithHome() {
  const state = scratchFolder();
  const opened = await openSandbox({ state });
  return { ...opened, state, folder: join(state, 'files/Workspace') };
}

describe('folders', () => {
  test('everybody has a home from the start, under both spellings', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    expect((await status(ann, HOME)).json).toMatchObject({ object_type: 'DIRECTORY', path: HOME });
    expect((await status(ann, `/Workspace${HOME}/`)).json).toMatchObject({
      path: `/Workspace${HOME}`,
      object_id: (await status(ann, HOME)).json.object_id,
    });
    expect((await status(ann, `//Workspace${HOME}`)).json.path).toBe(HOME);
    expect(pathsOf(await list(ann, '/'))).toEqual(['/Repos', '/Shared', '/Users']);
    expect(pathsOf(await list(ann, '/Users'))).toEqual([HOME]);
    expect((await list(ann, HOME)).json).toEqual({});
  });

  test('are made with their parents, and removed when empty or when everything is to go', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    expect((await mkdirs(ann, `/Workspace${HOME}/a/b`)).json).toEqual({});
    expect((await mkdirs(ann, `${HOME}/a`)).status).toBe(200);
    expect(pathsOf(await list(ann, `${HOME}/a`))).toEqual([`${HOME}/a/b`]);
    expect(refusal(await remove(ann, `${HOME}/a`))).toEqual([
      400,
      'DIRECTORY_NOT_EMPTY',
      `Folder (${HOME}/a) is not empty`,
    ]);
    expect((await remove(ann, `${HOME}/a`, true)).json).toEqual({});
    expect(refusal(await status(ann, `${HOME}/a`))).toEqual([
      404,
      'RESOURCE_DOES_NOT_EXIST',
      `Path (${HOME}/a) doesn't exist.`,
    ]);
    expect((await remove(ann, `${HOME}/a`)).status).toBe(404);
    expect((await list(ann, `${HOME}/a`)).status).toBe(404);
  });

  test('that are there from the start stay, and homes are only for people', async () => {
    const { admin } = await openSandbox();
    for (const path of ['/', '/Users', '/Shared', HOME])
      expect((await remove(admin, path, true)).json.error_code).toBe('DIRECTORY_PROTECTED');
    expect(refusal(await mkdirs(admin, '/Users/nobody@example.com/x'))).toEqual([
      400,
      'DIRECTORY_PROTECTED',
      'Folder Users is protected',
    ]);
    await importFile(admin, `${HOME}/f`, 'x');
    expect((await mkdirs(admin, `${HOME}/f/g`)).json.error_code).toBe('RESOURCE_ALREADY_EXISTS');
  });
});

describe('files', () => {
  test('are written, read as they are, listed and overwritten only when asked', async () => {
    const { as, now } = await openSandbox();
    const ann = as(ANN);
    const path = `/Workspace${HOME}/metadata.json`;
    expect((await importFile(ann, path, '{"port":7772}')).status).toBe(200);
    expect((await download(ann, path)).text).toBe('{"port":7772}');
    expect((await ann('GET', `/api/2.0/workspace-files/${encodeURIComponent(path.slice(1))}`)).text).toBe(
      '{"port":7772}',
    );
    expect((await ann('GET', `/api/2.0/workspace/export?path=${path}`)).json).toEqual({
      content: base64('{"port":7772}'),
      file_type: 'json',
    });
    expect((await list(ann, `/Workspace${HOME}`)).json.objects).toMatchObject([
      { object_type: 'FILE', path, size: 13, modified_at: now() },
    ]);
    expect(refusal(await importFile(ann, path, 'x'))).toEqual([
      409,
      'RESOURCE_ALREADY_EXISTS',
      `Path (${path}) already exists.`,
    ]);
    const { object_id } = (await status(ann, path)).json;
    expect((await importFile(ann, path, 'x', true)).status).toBe(200);
    expect((await status(ann, path)).json).toMatchObject({ object_id, size: 1 });
    expect(pathsOf(await list(ann, path))).toEqual([path]);
  });

  test('need their folder', async () => {
    const { as } = await openSandbox();
    const folder = `/Workspace${HOME}/.databricks/ssh-tunnel`;
    expect(refusal(await importFile(as(ANN), `${folder}/x`, 'x'))).toEqual([
      404,
      'RESOURCE_DOES_NOT_EXIST',
      `The parent folder (${folder}) does not exist.`,
    ]);
    expect(refusal(await importNotebook(as(ANN), `${folder}/x`, 'x'))).toEqual([
      404,
      'RESOURCE_DOES_NOT_EXIST',
      `The parent folder (${folder}) does not exist.`,
    ]);
  });
});

describe('notebooks', () => {
  test('keep their language and source', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    expect((await importNotebook(ann, `${HOME}/n`, 'print(1)')).json).toEqual({});
    expect((await status(ann, `${HOME}/n`)).json).toMatchObject({
      object_type: 'NOTEBOOK',
      language: 'PYTHON',
      repos_export_format: 'SOURCE',
    });
    expect((await ann('GET', `/api/2.0/workspace/export?path=${HOME}/n`)).json).toEqual({
      content: base64('print(1)'),
      file_type: 'py',
    });
    expect(refusal(await importNotebook(ann, `${HOME}/n`, 'x'))).toEqual([
      400,
      'RESOURCE_ALREADY_EXISTS',
      `Path (${HOME}/n) already exists.`,
    ]);
    expect((await importNotebook(ann, `${HOME}/n`, 'select 1', { overwrite: true, language: 'SQL' })).status).toBe(200);
    expect((await status(ann, `${HOME}/n`)).json.language).toBe('SQL');
    expect((await importFile(ann, `${HOME}/n`, 'x', true)).json.message).toContain(
      'type mismatch (asked: FILE, actual: NOTEBOOK)',
    );
  });

  test('are recognised by their first line and lose the ending of their name', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    const source = '# Databricks notebook source\nprint(1)\n';
    await importFile(ann, `${HOME}/train.py`, source);
    expect((await status(ann, `${HOME}/train`)).json).toMatchObject({ object_type: 'NOTEBOOK', language: 'PYTHON' });
    expect((await importFile(ann, `${HOME}/train.py`, source)).status).toBe(400);
    await ann('POST', '/api/2.0/workspace/import', {
      path: `${HOME}/q.sql`,
      format: 'AUTO',
      content: base64('-- Databricks notebook source\nselect 1'),
    });
    expect((await status(ann, `${HOME}/q`)).json.language).toBe('SQL');
    await ann('POST', '/api/2.0/workspace/import', {
      path: `${HOME}/plain.py`,
      format: 'AUTO',
      content: base64('print(1)'),
    });
    await ann('POST', '/api/2.0/workspace/import', { path: `${HOME}/raw.py`, format: 'RAW', content: base64(source) });
    for (const name of ['plain.py', 'raw.py'])
      expect((await status(ann, `${HOME}/${name}`)).json.object_type).toBe('FILE');
  });

  test('can be Jupyter notebooks, and be read as either', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    const jupyter = JSON.stringify({
      cells: [
        { cell_type: 'markdown', source: ['# Title\n', 'text'] },
        { cell_type: 'code', source: 'print(1)' },
      ],
      metadata: {},
      nbformat: 4,
    });
    await importFile(ann, `${HOME}/j.ipynb`, jupyter);
    expect((await status(ann, `${HOME}/j`)).json).toMatchObject({
      object_type: 'NOTEBOOK',
      language: 'PYTHON',
      repos_export_format: 'JUPYTER',
    });
    expect((await download(ann, `${HOME}/j`, 'JUPYTER')).text).toBe(jupyter);
    const source = (await download(ann, `${HOME}/j`)).text;
    expect(source).toBe(
      '# Databricks notebook source\n# MAGIC %md\n# MAGIC # Title\n# MAGIC text\n\n# COMMAND ----------\n\nprint(1)\n',
    );
    await importNotebook(ann, `${HOME}/s`, source);
    expect(JSON.parse((await download(ann, `${HOME}/s`, 'JUPYTER')).text).cells).toMatchObject([
      { cell_type: 'markdown', source: ['# Title\n', 'text'] },
      { cell_type: 'code', source: ['print(1)'] },
    ]);
    expect((await importFile(ann, `${HOME}/k.ipynb`, 'no json')).status).toBe(400);
  });

  test('come in a form too', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    const form = new FormData();
    form.set('path', `${HOME}/n`);
    form.set('language', 'PYTHON');
    form.set('content', new Blob(['print(1)\r\n--x\r\n']));
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    const body = Buffer.from(await encoded.arrayBuffer());
    const send = (bytes: Buffer) => ann('POST', '/api/2.0/workspace/import', bytes, { 'content-type': type });
    expect((await send(body)).json).toEqual({});
    expect((await download(ann, `${HOME}/n`)).text).toBe('print(1)\r\n--x\r\n');
    expect((await send(body.subarray(0, -40))).json.error_code).toBe('MALFORMED_REQUEST');
    expect((await send(Buffer.from('nothing'))).json.error_code).toBe('MALFORMED_REQUEST');
  });

  test.each([
    [
      { language: undefined },
      400,
      'INVALID_PARAMETER_VALUE',
      'The zip file may not be valid or may be an unsupported version.',
    ],
    [{ format: 'DBC' }, 400, 'INVALID_PARAMETER_VALUE', 'does not import the format DBC'],
    [{ format: 'NONE' }, 400, 'INVALID_PARAMETER_VALUE', 'format'],
    [{ language: 'RUST' }, 400, 'INVALID_PARAMETER_VALUE', 'language'],
    [{ content: '§' }, 400, 'MALFORMED_REQUEST', 'base64'],
    [{ content: 7 }, 400, 'MALFORMED_REQUEST', 'content'],
    [{ path: undefined }, 400, 'INVALID_PARAMETER_VALUE', 'Missing required field: path'],
    [{ path: 'n' }, 400, 'INVALID_PARAMETER_VALUE', "Path (n) doesn't start with '/'"],
    [{ path: '/' }, 400, 'RESOURCE_ALREADY_EXISTS', 'Path (/) already exists.'],
  ])('an import with %j is refused', async (wrong, code, errorCode, words) => {
    const { as } = await openSandbox();
    const answer = await importNotebook(as(ANN), `${HOME}/n`, 'x', wrong);
    expect(refusal(answer)).toEqual([code, errorCode, expect.stringContaining(words)]);
  });
});

describe('a zip', () => {
  const archive = (home: string) => `${home}/databricks.zip`;

  test('is unzipped beside itself, with what may be executed', async () => {
    const { as, folder } = await openWithHome();
    const ann = as(ANN);
    expect(
      (
        await importFile(
          ann,
          archive(HOME),
          zipOf(
            { name: 'databricks', content: 'elf', mode: 0o100_755 },
            { name: 'docs/', mode: 0o040_755 },
            { name: 'docs/a/README', content: 'read' },
          ),
        )
      ).status,
    ).toBe(200);
    expect((await status(ann, `${HOME}/databricks`)).json).toMatchObject({ object_type: 'FILE', size: 3 });
    expect((await download(ann, `${HOME}/docs/a/README`)).text).toBe('read');
    const home = join(folder, 'Users', ANN);
    expect(
      [statSync(join(home, 'databricks')), statSync(join(home, 'docs/a/README'))].map(({ mode }) => mode & 0o777),
    ).toEqual([0o755, 0o644]);
  });

  test('that is empty is a file like any other', async () => {
    const { as } = await openSandbox();
    expect((await importFile(as(ANN), archive(HOME), Buffer.alloc(0))).status).toBe(200);
    expect(pathsOf(await list(as(ANN), HOME))).toEqual([archive(HOME)]);
  });

  test.each([
    ['a name that climbs', zipOf({ name: '../x', content: 'x' })],
    ['a name from the root', zipOf({ name: '/etc/x', content: 'x' })],
    ['a name with backslashes', zipOf({ name: '..\\x', content: 'x' })],
    ['a link', zipOf({ name: 'x', content: '/etc/passwd', mode: 0o120_777 })],
    ['a size that is not true', zipOf({ name: 'x', content: 'x'.repeat(100_000), claimed: 5 })],
    ['more than may be', zipOf({ name: 'x', content: 'x', claimed: 600_000_000 })],
    ['its end cut off', zipOf({ name: 'x', content: 'x' }).subarray(0, -10)],
    ['one good and one bad name', zipOf({ name: 'good', content: 'x' }, { name: 'a/../../x', content: 'x' })],
  ])('with %s leaves nothing behind', async (_, bytes) => {
    const { as } = await openSandbox();
    const answer = await importFile(as(ANN), archive(HOME), bytes);
    expect(refusal(answer)).toEqual([400, 'INVALID_PARAMETER_VALUE', expect.stringContaining('zip file')]);
    expect((await list(as(ANN), HOME)).json).toEqual({});
  });
});

describe('identity', () => {
  test('somebody else’s home is not there for others, and admins go everywhere', async () => {
    const { admin, as } = await openSandbox();
    const ben = as(BEN);
    await importFile(as(ANN), `${HOME}/secret`, 'x');
    for (const answer of [
      await status(ben, HOME),
      await list(ben, HOME),
      await download(ben, `${HOME}/secret`),
      await remove(ben, `${HOME}/secret`),
    ])
      expect(answer.status).toBe(404);
    expect(refusal(await importFile(ben, `${HOME}/new`, 'x'))).toEqual([
      403,
      'PERMISSION_DENIED',
      expect.stringContaining(`${BEN} does not have Manage permissions on ${HOME}`),
    ]);
    expect((await importFile(ben, `${HOME}/secret`, 'x', true)).status).toBe(403);
    expect((await mkdirs(ben, `${HOME}/d`)).status).toBe(403);
    expect((await mkdirs(ben, '/mine')).status).toBe(403);
    expect((await download(admin, `${HOME}/secret`)).text).toBe('x');
    expect((await importFile(admin, `${HOME}/from-admin`, 'x')).status).toBe(200);
    expect((await importFile(as(ANN), '/Shared/a', 'x')).status).toBe(200);
    expect((await importFile(ben, '/Shared/a', 'y', true)).status).toBe(200);
  });

  test('permissions on an object reach what lies in it, and go with it', async () => {
    const { as } = await openSandbox();
    const [ann, ben] = [as(ANN), as(BEN)];
    await mkdirs(ann, `${HOME}/d`);
    await importFile(ann, `${HOME}/d/f`, 'x');
    const id = String((await status(ann, `${HOME}/d`)).json.object_id);
    const granted = await ann('PATCH', `/api/2.0/permissions/directories/${id}`, {
      access_control_list: [{ user_name: BEN, permission_level: 'CAN_EDIT' }],
    });
    expect(granted.json).toMatchObject({ object_type: 'directory', object_id: `/directories/${id}` });
    expect((await download(ben, `${HOME}/d/f`)).text).toBe('x');
    expect((await importFile(ben, `${HOME}/d/f`, 'y', true)).status).toBe(200);
    expect((await importFile(ben, `${HOME}/d/g`, 'y')).status).toBe(403);
    expect((await remove(ben, `${HOME}/d/f`)).status).toBe(403);
    const file = String((await status(ann, `${HOME}/d/f`)).json.object_id);
    expect((await ben('GET', `/api/2.0/permissions/files/${file}`)).status).toBe(403);
    expect((await ann('GET', `/api/2.0/permissions/files/${file}`)).status).toBe(200);
    await remove(ann, `${HOME}/d`, true);
    await mkdirs(ann, `${HOME}/d`);
    expect((await status(ben, `${HOME}/d`)).status).toBe(404);
    for (const kind of ['directories', 'notebooks', 'files'])
      expect((await ann('GET', `/api/2.0/permissions/${kind}/${file}`)).status).toBe(404);
  });
});

describe('the disk', () => {
  test('what a node writes is seen, with an id that stays, and what it removes is gone', async () => {
    const { as, folder } = await openWithHome();
    const ann = as(ANN);
    await status(ann, HOME);
    const onDisk = join(folder, 'Users', ANN, 'from-node');
    writeFileSync(onDisk, 'node');
    const seen = await status(ann, `${HOME}/from-node`);
    expect(seen.json).toMatchObject({ object_type: 'FILE', size: 4 });
    expect((await status(ann, `${HOME}/from-node`)).json.object_id).toBe(seen.json.object_id);
    rmSync(onDisk);
    expect((await status(ann, `${HOME}/from-node`)).status).toBe(404);
    await importNotebook(ann, `${HOME}/n`, 'x');
    rmSync(join(folder, 'Users', ANN, 'n'));
    expect((await status(ann, `${HOME}/n`)).status).toBe(404);
    writeFileSync(join(folder, 'Users', ANN, 'n'), 'plain');
    expect((await status(ann, `${HOME}/n`)).json.object_type).toBe('FILE');
  });

  test('links that a node puts there lead nowhere', async () => {
    const { as, folder, state } = await openWithHome();
    const ann = as(ANN);
    await status(ann, HOME);
    writeFileSync(join(state, 'secret'), 'secret');
    for (const [name, target] of [
      ['file', join(state, 'secret')],
      ['folder', state],
      ['up', '../../../..'],
    ] as const)
      symlinkSync(target, join(folder, 'Users', ANN, name));
    expect((await list(ann, HOME)).json).toEqual({});
    for (const path of ['file', 'folder/secret', 'up/secret', 'folder'])
      expect((await download(ann, `${HOME}/${path}`)).status).toBe(404);
    expect((await importFile(ann, `${HOME}/folder/secret`, 'x', true)).status).toBe(404);
    expect((await mkdirs(ann, `${HOME}/folder/new`)).status).toBe(404);
    expect((await importFile(ann, `${HOME}/folder.zip`, zipOf({ name: 'folder/secret', content: 'x' }))).status).toBe(
      404,
    );
    expect(readFileSync(join(state, 'secret'), 'utf8')).toBe('secret');
    expect(readdirSync(state)).not.toContain('new');
  });

  test('ids and languages outlive the sandbox', async () => {
    const { as, sandbox, state } = await openWithHome();
    const ann = as(ANN);
    await importNotebook(ann, `${HOME}/n`, 'x');
    const before = (await status(ann, `${HOME}/n`)).json;
    await sandbox.close();
    // Sockets that the client kept for later hear of it.
    await pause(20);
    const again = await openSandbox({ state });
    expect((await status(again.as(ANN), `${HOME}/n`)).json).toEqual(before);
    await importNotebook(again.as(ANN), `${HOME}/other`, 'x');
    expect((await status(again.as(ANN), `${HOME}/other`)).json.object_id).toBeGreaterThan(before.object_id);
  });
});

describe('paths that are none', () => {
  const climbing = [
    '/Users/../../x',
    '/Users/./x',
    '/Users/a\\b',
    `/Users/${'x'.repeat(256)}`,
    `/${'a/'.repeat(200)}`,
    '/Users/a\u0007b',
    'Users',
    '',
    '/Users/\ud800',
  ];

  test.each(climbing)('%j is refused everywhere', async (path) => {
    const { admin } = await openSandbox();
    for (const answer of [
      await status(admin, path.toWellFormed()),
      await mkdirs(admin, path),
      await remove(admin, path),
      await importNotebook(admin, path, 'x'),
      await list(admin, path.toWellFormed()),
    ]) {
      expect([400, 404]).toContain(answer.status);
      expect(answer.json.error_code).toMatch(/^(INVALID_PARAMETER_VALUE|RESOURCE_DOES_NOT_EXIST)$/);
    }
  });

  test.each([
    'Users/../../../x',
    'Users%2F..%2F..%2F..%2Fx',
    '%2e%2e%2fx',
    '..%2fx',
    '%2e%2e/x',
    'Users%5C..%5Cx',
    'Users/%00',
    'Users/%zz',
    '%2F%2F..%2Fx',
    'Users/%c0%ae%c0%ae/x',
  ])('import-file/%s is refused', async (path) => {
    const { sandbox } = await openSandbox();
    const { status: code, text } = await rawRequest(sandbox, 'POST', `/api/2.0/workspace-files/import-file/${path}`);
    expect([code, JSON.parse(text).error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });

  test('a query with NUL is refused', async () => {
    const { sandbox } = await openSandbox();
    expect((await rawRequest(sandbox, 'GET', '/api/2.0/workspace/get-status?path=%2FUsers%00')).status).toBe(400);
  });
});

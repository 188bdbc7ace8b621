import { describe, expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { HOME, base64, status, download, importFile, importNotebook, refusal } from './workspace-requests.ts';

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
      content: base64('# Databricks notebook source\nprint(1)'),
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

  test.each([
    ['PYTHON', '#'],
    ['R', '#'],
    ['SQL', '--'],
    ['SCALA', '//'],
  ])('say in their first line what they are, in the comments of %s, and say it once', async (language, comment) => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    await importNotebook(ann, `${HOME}/n`, 'x', { language });
    const source = (await download(ann, `${HOME}/n`)).text;
    expect(source).toBe(`${comment} Databricks notebook source\nx`);
    await importNotebook(ann, `${HOME}/n`, source, { language, overwrite: true });
    expect((await download(ann, `${HOME}/n`)).text).toBe(source);
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
    expect((await download(ann, `${HOME}/n`)).text).toBe('# Databricks notebook source\nprint(1)\r\n--x\r\n');
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

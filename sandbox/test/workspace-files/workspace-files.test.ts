import { describe, expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import {
  HOME,
  base64,
  status,
  list,
  download,
  importFile,
  importNotebook,
  refusal,
  pathsOf,
} from './workspace-requests.ts';

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

  test('of more than 10 MB are refused in JSON, and notebooks of that size in any way', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    const large = Buffer.alloc(10 * 1_048_576 + 1, 'x');
    const refused = [
      400,
      'MAX_NOTEBOOK_SIZE_EXCEEDED',
      'File size imported is (10485761 bytes), exceeded max size (10485760 bytes)',
    ];
    const content = large.toString('base64');
    for (const format of ['AUTO', 'RAW', 'SOURCE'])
      expect(refusal(await importNotebook(ann, `${HOME}/large`, '', { format, content }))).toEqual(refused);
    expect((await status(ann, `${HOME}/large`)).status).toBe(404);
    const notebook = Buffer.concat([Buffer.from('# Databricks notebook source\n'), large]);
    expect((await importFile(ann, `${HOME}/large.py`, notebook)).json.error_code).toBe('MAX_NOTEBOOK_SIZE_EXCEEDED');
    expect((await importFile(ann, `${HOME}/large`, large)).status).toBe(200);
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

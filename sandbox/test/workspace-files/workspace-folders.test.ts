import { describe, expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { HOME, status, list, mkdirs, remove, importFile, refusal, pathsOf } from './workspace-requests.ts';

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

import { readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { zipOf } from '../zip-archive.ts';
import {
  HOME,
  status,
  list,
  mkdirs,
  download,
  importFile,
  importNotebook,
  openWithHome,
} from './workspace-requests.ts';

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

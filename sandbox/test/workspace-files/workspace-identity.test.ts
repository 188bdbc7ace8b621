import { describe, expect, test } from 'vitest';
import { ANN, BEN, openSandbox } from '../harness.ts';
import { HOME, status, list, mkdirs, remove, download, importFile, refusal } from './workspace-requests.ts';

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

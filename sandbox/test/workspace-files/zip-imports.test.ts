import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ANN, openSandbox } from '../harness.ts';
import { zipOf } from '../zip-archive.ts';
import { HOME, status, list, download, importFile, refusal, pathsOf, openWithHome } from './workspace-requests.ts';

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

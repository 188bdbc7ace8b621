import { describe, expect, test } from 'vitest';
import { ANN, BEN, openSandbox } from '../harness.ts';
import type { Answer, Client } from '../harness.ts';

const act = (client: Client, what: string, body: unknown) => client('POST', `/api/2.0/dbfs/${what}`, body);
const read = (client: Client, what: string) => client('GET', `/api/2.0/dbfs/${what}`);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const put = (client: Client, path: string, text: string, overwrite = false) =>
  act(client, 'put', { path, contents: base64(text), overwrite });

const refusal = ({ status, json }: Answer): unknown => [status, json.error_code, json.message];

describe('DBFS', () => {
  test('takes small files with the directories above them, and tells what is there', async () => {
    const { as, now } = await openSandbox();
    const ann = as(ANN);
    expect((await put(ann, '/tmp/a/f', 'hello')).json).toEqual({});
    expect((await read(ann, 'get-status?path=dbfs:/tmp/a/f')).json).toEqual({
      path: '/tmp/a/f',
      is_dir: false,
      file_size: 5,
      modification_time: now(),
    });
    expect((await read(ann, 'list?path=/')).json).toEqual({
      files: [{ path: '/tmp', is_dir: true, file_size: 0, modification_time: now() }],
    });
    expect((await read(ann, 'list?path=/tmp/a/f')).json.files).toHaveLength(1);
    expect((await read(ann, 'read?path=/tmp/a/f')).json).toEqual({ bytes_read: 5, data: base64('hello') });
    expect((await read(ann, 'read?path=/tmp/a/f&offset=1&length=3')).json).toEqual({
      bytes_read: 3,
      data: base64('ell'),
    });
    expect((await read(ann, 'read?path=/tmp/a/f&offset=9')).json).toEqual({ bytes_read: 0, data: '' });
    expect(refusal(await put(ann, '/tmp/a/f', 'x'))).toEqual([
      400,
      'RESOURCE_ALREADY_EXISTS',
      'A file or directory already exists at the input path /tmp/a/f.',
    ]);
    expect((await put(ann, '/tmp/a/f', 'x', true)).status).toBe(200);
    expect((await put(ann, '/tmp/a', 'x', true)).json.error_code).toBe('RESOURCE_ALREADY_EXISTS');
  });

  test.each([
    ['False', 400],
    ['True', 200],
    ['true', 200],
  ])('a form of the old CLI may write overwrite as %s', async (overwrite, status) => {
    const { admin } = await openSandbox();
    await put(admin, '/f', 'old');
    const form = `--x\r\nContent-Disposition: form-data; name="path"\r\n\r\n/f\r\n--x\r\nContent-Disposition: form-data; name="overwrite"\r\n\r\n${overwrite}\r\n--x\r\nContent-Disposition: form-data; name="contents"; filename="f"\r\n\r\nnew\r\n--x--\r\n`;
    const answer = await admin('POST', '/api/2.0/dbfs/put', form, {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect([answer.status, answer.json.error_code]).toEqual([
      status,
      status === 200 ? undefined : 'RESOURCE_ALREADY_EXISTS',
    ]);
    expect((await read(admin, 'read?path=/f')).json.data).toBe(base64(status === 200 ? 'new' : 'old'));
  });

  test('takes large files block by block, from one caller', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    const { handle } = (await act(ann, 'create', { path: '/big' })).json;
    for (const block of ['one ', 'two'])
      expect((await act(ann, 'add-block', { handle, data: base64(block) })).json).toEqual({});
    expect((await act(as(BEN), 'add-block', { handle, data: '' })).status).toBe(404);
    expect((await read(ann, 'get-status?path=/big')).status).toBe(404);
    expect((await act(ann, 'close', { handle })).json).toEqual({});
    expect((await read(ann, 'read?path=/big')).json.data).toBe(base64('one two'));
    expect((await act(ann, 'close', { handle })).status).toBe(404);
    expect((await act(ann, 'create', { path: '/big' })).json.error_code).toBe('RESOURCE_ALREADY_EXISTS');
    const { handle: other } = (await act(ann, 'create', { path: '/big', overwrite: true })).json;
    expect(
      (await act(ann, 'add-block', { handle: other, data: Buffer.alloc(1_048_577).toString('base64') })).json
        .error_code,
    ).toBe('MAX_BLOCK_SIZE_EXCEEDED');
  });

  test('moves and removes', async () => {
    const { as } = await openSandbox();
    const ann = as(ANN);
    await put(ann, '/d/f', 'x');
    await act(ann, 'mkdirs', { path: '/e' });
    expect((await act(ann, 'move', { source_path: '/d/f', destination_path: '/e/g' })).json).toEqual({});
    expect((await act(ann, 'move', { source_path: '/d/f', destination_path: '/e/h' })).status).toBe(404);
    expect((await act(ann, 'move', { source_path: '/d', destination_path: '/e' })).json.error_code).toBe(
      'RESOURCE_ALREADY_EXISTS',
    );
    expect((await act(ann, 'move', { source_path: '/e', destination_path: '/e/e' })).status).toBe(400);
    expect(refusal(await act(ann, 'delete', { path: '/e' }))).toEqual([
      400,
      'IO_ERROR',
      'Directory is not empty. Use recursive delete or remove contents first.',
    ]);
    expect((await act(ann, 'delete', { path: '/e', recursive: true })).json).toEqual({});
    expect((await act(ann, 'delete', { path: '/e' })).json).toEqual({});
    expect(refusal(await read(ann, 'list?path=/e'))).toEqual([
      404,
      'RESOURCE_DOES_NOT_EXIST',
      'No file or directory exists on path /e.',
    ]);
  });

  test.each(['tmp', '/a/../../x', '/a/./x', '/a\\x', `/${'x'.repeat(256)}`, '/Volumes/main/default/v/x', ''])(
    'refuses the path %j',
    async (path) => {
      const { admin } = await openSandbox();
      const answers = [
        await put(admin, path, 'x'),
        await act(admin, 'mkdirs', { path }),
        await act(admin, 'create', { path }),
        await act(admin, 'delete', { path, recursive: true }),
        await read(admin, `read?path=${encodeURIComponent(path)}`),
      ];
      for (const answer of answers)
        expect([answer.status, answer.json.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    },
  );

  test('keeps its root', async () => {
    const { admin } = await openSandbox();
    expect((await act(admin, 'delete', { path: '/', recursive: true })).status).toBe(400);
    expect((await put(admin, '/', 'x', true)).status).toBe(400);
    expect((await act(admin, 'put', { path: '/f', contents: '§' })).json.error_code).toBe('MALFORMED_REQUEST');
    expect((await read(admin, 'read?path=/&length=1')).status).toBe(400);
  });
});

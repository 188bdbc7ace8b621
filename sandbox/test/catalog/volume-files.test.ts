import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSandbox, scratchFolder } from '../harness.ts';
import type { Client } from '../harness.ts';
import { rawRequest } from '../raw-request.ts';

const FILES = '/api/2.0/fs/files/Volumes/main/default/v';
const DIRECTORIES = '/api/2.0/fs/directories/Volumes/main/default/v';

const createVolume = (client: Client) =>
  client('POST', '/api/2.1/unity-catalog/volumes', {
    catalog_name: 'main',
    schema_name: 'default',
    name: 'v',
    volume_type: 'MANAGED',
  });

/** A volume, and the folder on disk that it is. */
async function openVolume() {
  const state = scratchFolder();
  const opened = await openSandbox({ state });
  await createVolume(opened.admin);
  return { ...opened, state, volume: join(state, 'files/Volumes/main/default/v') };
}

describe('the folder of a volume', () => {
  test('comes and goes with it', async () => {
    const { admin, volume } = await openVolume();
    expect(readdirSync(volume)).toEqual([]);
    await admin('PUT', `${FILES}/a`, 'x');
    await admin('DELETE', '/api/2.1/unity-catalog/volumes/main.default.v');
    expect(existsSync(volume)).toBe(false);
    expect((await admin('GET', `${FILES}/a`)).status).toBe(404);
    await createVolume(admin);
    expect((await admin('GET', DIRECTORIES)).json).toEqual({});
  });

  test('is what the API shows, both ways', async () => {
    const { admin, volume } = await openVolume();
    writeFileSync(join(volume, 'from-node'), 'node');
    expect((await admin('GET', `${FILES}/from-node`)).text).toBe('node');
    await admin('PUT', `${FILES}/from-api`, 'api');
    expect(readFileSync(join(volume, 'from-api'), 'utf8')).toBe('api');
  });

  test('leads nowhere else', async () => {
    const { admin, volume, state } = await openVolume();
    writeFileSync(join(state, 'secret'), 'secret');
    mkdirSync(join(state, 'outside'));
    symlinkSync(join(state, 'secret'), join(volume, 'file'));
    symlinkSync(join(state, 'outside'), join(volume, 'folder'));
    expect((await admin('GET', DIRECTORIES)).json).toEqual({});
    for (const method of ['GET', 'HEAD'])
      for (const path of ['file', 'folder/x']) expect((await admin(method, `${FILES}/${path}`)).status).toBe(404);
    expect((await admin('HEAD', `${DIRECTORIES}/folder`)).status).toBe(404);
    expect((await admin('PUT', `${FILES}/folder/x`, 'x')).status).toBe(409);
    expect((await admin('PUT', `${DIRECTORIES}/folder/x`)).status).toBe(409);
    expect((await admin('PUT', `${FILES}/file`, 'mine')).status).toBe(204);
    expect(readFileSync(join(state, 'secret'), 'utf8')).toBe('secret');
    expect(readdirSync(join(state, 'outside'))).toEqual([]);
  });
});

describe('downloads', () => {
  test.each([
    ['bytes=2-4', 206, 'cde', 'bytes 2-4/10'],
    ['bytes=7-', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=-3', 206, 'hij', 'bytes 7-9/10'],
    ['bytes=5-99', 206, 'fghij', 'bytes 5-9/10'],
    ['bytes=-99', 206, 'abcdefghij', 'bytes 0-9/10'],
    ['bytes=4-2', 200, 'abcdefghij', null],
    ['bytes=0-1,3-4', 200, 'abcdefghij', null],
    ['lines=1-2', 200, 'abcdefghij', null],
  ])('of %s', async (range, status, text, contentRange) => {
    const { admin } = await openVolume();
    await admin('PUT', `${FILES}/f`, 'abcdefghij');
    const answer = await admin('GET', `${FILES}/f`, undefined, { range });
    expect([
      answer.status,
      answer.text,
      answer.headers.get('content-range'),
      answer.headers.get('content-length'),
    ]).toEqual([status, text, contentRange, String(text.length)]);
  });

  test('of what lies behind the end, or is newer than wanted, are refused', async () => {
    const { admin, now } = await openVolume();
    await admin('PUT', `${FILES}/f`, 'abc');
    expect((await admin('GET', `${FILES}/f`, undefined, { range: 'bytes=3-' })).status).toBe(416);
    const since = (ms: number) =>
      admin('GET', `${FILES}/f`, undefined, { 'if-unmodified-since': new Date(now() + ms).toUTCString() });
    expect((await since(0)).status).toBe(200);
    expect((await since(-1_000)).status).toBe(412);
  });

  test('tell length and time, of empty files too', async () => {
    const { admin, now } = await openVolume();
    await admin('PUT', `${FILES}/empty`, '');
    const { headers } = await admin('HEAD', `${FILES}/empty`);
    expect([headers.get('content-length'), headers.get('last-modified'), headers.get('content-type')]).toEqual([
      '0',
      new Date(now()).toUTCString(),
      'application/octet-stream',
    ]);
    expect((await admin('GET', `${FILES}/empty`)).text).toBe('');
  });

  test('of large files come as they went', async () => {
    const { admin } = await openVolume();
    const large = Buffer.alloc(12_000_000, 'abcdefg');
    expect((await admin('PUT', `${FILES}/large`, large)).status).toBe(204);
    expect((await admin('GET', `${FILES}/large`)).text).toBe(large.toString());
  });
});

describe('directories', () => {
  test('are listed page by page', async () => {
    const { admin } = await openVolume();
    for (const name of ['c', 'a', 'b', 'ä']) await admin('PUT', `${FILES}/${encodeURIComponent(name)}`, name);
    const names: string[] = [];
    for (let token = ''; ;) {
      const { json } = await admin('GET', `${DIRECTORIES}?page_size=2&page_token=${token}`);
      names.push(...json.contents.map((entry: { name: string }) => entry.name));
      token = json.next_page_token ?? '';
      if (token === '') break;
    }
    expect(names).toEqual(['a', 'b', 'c', 'ä']);
  });

  test('and files do not pass for each other', async () => {
    const { admin } = await openVolume();
    await admin('PUT', `${FILES}/f`, 'x');
    await admin('PUT', `${DIRECTORIES}/d/`);
    expect((await admin('HEAD', `${DIRECTORIES}/f`)).status).toBe(404);
    expect((await admin('GET', `${DIRECTORIES}/f`)).json.error_code).toBe('NOT_FOUND');
    expect((await admin('HEAD', `${FILES}/d`)).status).toBe(404);
    expect((await admin('PUT', `${FILES}/d?overwrite=true`, 'x')).status).toBe(400);
    expect((await admin('PUT', `${DIRECTORIES}/f`)).json).toMatchObject({ error_code: 'ALREADY_EXISTS' });
    expect((await admin('DELETE', `${FILES}/d`)).status).toBe(404);
    expect((await admin('DELETE', `${DIRECTORIES}/f`)).status).toBe(404);
    expect((await admin('DELETE', DIRECTORIES)).status).toBe(400);
  });
});

describe('path tricks', () => {
  const VOLUME = 'Volumes/main/default/v';

  test.each([
    `${VOLUME}/../../../../x`,
    `${VOLUME}/%2e%2e/%2e%2e/x`,
    `${VOLUME}%2f..%2f..%2fx`,
    `${VOLUME}/%2e%2e%2fx`,
    `${VOLUME}/a%00`,
    `${VOLUME}/a%5C..%5Cb`,
    `${VOLUME}/a\\b`,
    `${VOLUME}//x`,
    `${VOLUME}/%2Fx`,
    `${VOLUME}/${'x'.repeat(256)}`,
    `${VOLUME}/${'a/'.repeat(150)}x`,
    `${VOLUME}/%0a`,
    `${VOLUME}/%ff`,
    '..%2f..%2fetc%2fpasswd',
    'Volumes/main/default/..',
    'Volumes/../v/v/x',
    `${VOLUME}/.sandbox-upload-x`,
  ])('%s is refused for every method', async (path) => {
    const { sandbox, state, volume } = await openVolume();
    for (const kind of ['files', 'directories']) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const { status, text } = await rawRequest(sandbox, method, `/api/2.0/fs/${kind}/${path}`);
        expect([status, JSON.parse(text).error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
      }
    }
    expect(readdirSync(volume)).toEqual([]);
    expect(readdirSync(state)).not.toContain('x');
  });
});

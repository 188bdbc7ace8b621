import { describe, expect, test } from 'vitest';
import { openSandbox } from '../harness.ts';
import { rawRequest } from '../raw-request.ts';
import { status, list, mkdirs, remove, importNotebook } from './workspace-requests.ts';

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

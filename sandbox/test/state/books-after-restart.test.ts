import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox.ts';
import { ANN, clientOf, openSandbox, scratchFolder } from '../harness.ts';

const UC = '/api/2.1/unity-catalog';
const ADMIN = 'workshop-admin@example.com';

const ever = (sandbox: Sandbox, kind: string) =>
  sandbox
    .books()
    .ever.filter((entry) => entry.kind === kind)
    .map(({ name, by, alive, goneBy }) => ({ name, by, alive, ...(goneBy === undefined ? {} : { goneBy }) }));

test('the books know everything that was ever there, who made it and who ended it, across a restart', async () => {
  const state = scratchFolder();
  const first = await openSandbox({ state });
  const { admin, sandbox } = first;
  const ann = first.as(ANN);
  const { policy_id } = (await admin('POST', '/api/2.0/policies/clusters/create', { name: 'class', definition: '{}' }))
    .json;
  await admin('POST', '/api/2.0/policies/clusters/create', { name: 'stays', definition: '{}' });
  await admin('POST', '/api/2.0/policies/clusters/delete', { policy_id });
  await admin('POST', `${UC}/schemas`, { catalog_name: 'main', name: 's' });
  await admin('POST', `${UC}/volumes`, { catalog_name: 'main', schema_name: 's', name: 'v', volume_type: 'MANAGED' });
  await admin('PUT', '/api/2.0/fs/files/Volumes/main/s/v/a.txt', 'a');
  await admin('PUT', '/api/2.0/fs/files/Volumes%2Fmain%2Fs%2Fv%2Fb.txt', 'b');
  await admin('DELETE', '/api/2.0/fs/files/Volumes/main/s/v/a.txt');
  await ann('POST', '/api/2.0/secrets/scopes/create', { scope: 'hers' });
  await ann('POST', '/api/2.0/secrets/put', { scope: 'hers', key: 'k', string_value: 'very-secret' });
  const { token_value, token_info } = (await ann('POST', '/api/2.0/token/create', { comment: 'laptop' })).json;
  await ann('POST', '/api/2.0/token/delete', { token_id: token_info.token_id });
  await clientOf(sandbox, undefined)('POST', '/__sandbox/users', { user_name: 'cy@example.com' });
  const cy = (await admin('GET', '/api/2.0/preview/scim/v2/Users?filter=userName eq "cy@example.com"')).json
    .Resources[0].id;
  await admin('DELETE', `/api/2.0/preview/scim/v2/Users/${cy}`);

  const expectBooks = (of: Sandbox): void => {
    expect(ever(of, 'policy')).toEqual([
      { name: 'class', by: ADMIN, alive: false, goneBy: ADMIN },
      { name: 'stays', by: ADMIN, alive: true },
    ]);
    expect(ever(of, 'volume')).toEqual([{ name: 'main.s.v', by: ADMIN, alive: true }]);
    expect(ever(of, 'file')).toEqual([
      { name: '/Volumes/main/s/v/a.txt', by: ADMIN, alive: false, goneBy: ADMIN },
      { name: '/Volumes/main/s/v/b.txt', by: ADMIN, alive: true },
    ]);
    expect(ever(of, 'secret-scope')).toEqual([{ name: 'hers', by: ANN, alive: true }]);
    expect(ever(of, 'token').filter(({ name }) => name.startsWith(ANN))).toEqual([
      { name: ANN, by: undefined, alive: true },
      { name: `${ANN}: laptop`, by: ANN, alive: false, goneBy: ANN },
    ]);
    expect(ever(of, 'token').filter(({ name }) => name.startsWith('cy'))).toEqual([
      { name: 'cy@example.com', by: undefined, alive: false, goneBy: ADMIN },
    ]);
    expect(ever(of, 'user').find(({ name }) => name === 'cy@example.com')).toEqual({
      name: 'cy@example.com',
      by: undefined,
      alive: false,
      goneBy: ADMIN,
    });
  };
  expectBooks(sandbox);
  const text = JSON.stringify(sandbox.books());
  for (const secret of ['very-secret', token_value, sandbox.adminToken]) expect(text).not.toContain(secret);
  await sandbox.close();
  await pause(5);
  const again = await openSandbox({ state, now: first.now });
  expectBooks(again.sandbox);
  await again.admin('DELETE', `${UC}/volumes/main.s.v`);
  expect(ever(again.sandbox, 'volume')).toMatchObject([{ alive: false, goneBy: ADMIN }]);
  expect(ever(again.sandbox, 'file').map(({ alive }) => alive)).toEqual([false, false]);
});

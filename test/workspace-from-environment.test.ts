import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { workspaceFrom } from '../src/workspace-from-environment.ts';

test('a token that is left over in the shell is not sent by somebody who names another way to sign in', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (env: Record<string, string>) => {
    const workspace = workspaceFrom({ DATABRICKS_HOST: host, DATABRICKS_TOKEN: 'left-over', PATH: '/nowhere', ...env });
    onTestFinished(() => workspace.close());
    await expect(workspace.currentUser.me()).rejects.toThrow();
  };
  await ask({ DATABRICKS_AUTH_TYPE: 'azure-cli' });
  expect(seen.filter((header) => header?.includes('left-over'))).toEqual([]);
  await ask({ DATABRICKS_AUTH_TYPE: 'pat' });
  await ask({});
  expect(seen.filter((header) => header?.includes('left-over'))).toHaveLength(2);
});

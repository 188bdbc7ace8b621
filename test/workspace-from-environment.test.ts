import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { environmentsOf, workspaceFrom } from '../src/workspace-from-environment.ts';

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

describe('several workspaces', () => {
  const env = {
    HOME: '/home/ann',
    DATABRICKS_CONFIG_FILE: '/profiles',
    DATABRICKS_HOST: 'https://adb-1.1.azuredatabricks.net',
    DATABRICKS_TOKEN: 'of another workspace',
    ARM_CLIENT_SECRET: 'of another, too',
    TEMPORAL_ADDRESS: 'localhost:7233',
  };
  const rest = { HOME: '/home/ann', DATABRICKS_CONFIG_FILE: '/profiles', TEMPORAL_ADDRESS: 'localhost:7233' };

  it('each have an environment with a profile, and with no other credentials', () => {
    expect(environmentsOf(env, ['north', 'south', 'north'])).toEqual([
      { ...rest, DATABRICKS_CONFIG_PROFILE: 'north' },
      { ...rest, DATABRICKS_CONFIG_PROFILE: 'south' },
    ]);
  });

  it('are named by the environment where the command line names none, and are one where nobody does', () => {
    const profiles = { WORKSHOP_PROFILES: ' north, south,' };
    const named = environmentsOf({ ...env, ...profiles });
    expect(named.map((one) => one['DATABRICKS_CONFIG_PROFILE'])).toEqual(['north', 'south']);
    expect(environmentsOf({ ...env, ...profiles }, ['west'])).toHaveLength(1);
    expect(environmentsOf(env)).toEqual([env]);
  });
});

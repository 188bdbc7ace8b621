import { expect, test } from 'vitest';
import { cliEnvironment } from '../../../src/databricks/sign-in/cli-environment.ts';

const HOST = 'https://adb-1.2.azuredatabricks.net';
const ENV = {
  DATABRICKS_CLIENT_ID: 'id',
  ARM_CLIENT_SECRET: 'secret',
  PATH: '/bin',
  AWS_SECRET: 'never',
  DATABRICKS_HOST: 'https://written.otherwise',
};

test('a bearer token is all that the CLI needs, whatever it was had by', () => {
  expect(cliEnvironment(HOST, [['authorization', 'Bearer abc']], ENV)).toEqual({
    DATABRICKS_HOST: HOST,
    DATABRICKS_TOKEN: 'abc',
    DATABRICKS_AUTH_TYPE: 'pat',
  });
});

test.each([
  ['name and password', [['authorization', 'Basic abc']]],
  [
    'a second token for Azure',
    [
      ['authorization', 'Bearer abc'],
      ['x-databricks-azure-sp-management-token', 'def'],
    ],
  ],
])('with %s the CLI signs in by itself, from the variables that are about that', (_, headers) => {
  expect(cliEnvironment(HOST, headers as [string, string][], ENV)).toEqual({
    DATABRICKS_CLIENT_ID: 'id',
    ARM_CLIENT_SECRET: 'secret',
    DATABRICKS_HOST: HOST,
  });
});

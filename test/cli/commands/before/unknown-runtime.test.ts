import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../../../sandbox/index.ts';
import { planFiles, workshop } from '../../run-cli.ts';

test.each([
  ['17.3.x-scala2.13', undefined],
  ['18.3.x-scala2.13', /lists no runtime 18\.3\.x-scala2\.13 .* no cluster can be made\. Near to it are 1[78]\.\d\.x-/],
] as const)('plan asks the workspace for its runtimes: %s', async (key, said) => {
  const sandbox = await startSandbox({ people: ['ann@example.com', 'bo@example.com'] });
  onTestFinished(() => sandbox.close());
  const file = planFiles([
    ['https://adb-1234567890123456.7.azuredatabricks.net', sandbox.url],
    ['sparkVersion: 17.3.x-scala2.13', `sparkVersion: ${key}`],
  ]);
  const env = { DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken };
  const { stdout, stderr } = await workshop(['plan', file], env);
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words, stderr).toContain(`What ${sandbox.adminUserName} may do in`);
  if (said === undefined) expect(words).not.toContain('lists no runtime');
  else expect(words).toMatch(said);
});

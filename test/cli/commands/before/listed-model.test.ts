import { expect, onTestFinished, test, vi } from 'vitest';
import { startSandbox } from '../../../../sandbox/index.ts';
import { withListedModel } from '../../../../src/cli/input/listed-model.ts';
import { DatabricksError, type ServingEndpoint } from '../../../../src/databricks/workspace.ts';
import { examplePlan } from '../../../domain/plan/example-plan.ts';
import { planFiles, workshop } from '../../run-cli.ts';

const MODEL = '  model: databricks-claude-sonnet-4-6\n';
const HOST = 'https://adb-1234567890123456.7.azuredatabricks.net';

test.each([
  ['left out', [[MODEL, '']], 'databricks-claude-sonnet-4-6', /sonnet-4-6 is taken, of the \d+ Claude models .* lists/],
  ['written', [], 'databricks-claude-sonnet-4-6', undefined],
] as const)('plan says which model counts, and why: %s', async (_, lines, model, why) => {
  const sandbox = await startSandbox({ people: ['ann@example.com', 'bo@example.com'] });
  onTestFinished(() => sandbox.close());
  const env = { DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken };
  const file = planFiles([[HOST, sandbox.url], ...lines]);
  const { stdout, stderr } = await workshop(['plan', file], env);
  const words = stdout.replaceAll(/\s+/g, ' ');
  expect(words, stderr).toContain(`${model} for everything`);
  if (why === undefined) expect(words).not.toContain('serving.model is left out');
  else expect(words).toMatch(why);
  // Without a workspace it is said that it is not known yet.
  const offline = await workshop(['plan', file, '--offline'], env);
  expect(/"start" takes the newest Claude/.test(offline.stdout.replaceAll(/\s+/g, ' '))).toBe(why !== undefined);
});

const endpoint = (name: string, ready = 'READY'): ServingEndpoint => ({ name, state: { ready } });
const workspaceWith = (list: () => Promise<ServingEndpoint[]>) =>
  ({ servingEndpoints: { list } }) as Parameters<typeof withListedModel>[0];

test('an endpoint that is not ready is not taken, and without a list the stand-in is said to be one', async () => {
  const read = { plan: examplePlan(), modelLeftOut: true };
  const ready = workspaceWith(async () => [
    endpoint('databricks-claude-sonnet-5', 'NOT_READY'),
    endpoint('databricks-claude-opus-4-8'),
  ]);
  expect((await withListedModel(ready, read)).plan.serving.model).toBe('databricks-claude-opus-4-8');
  const facts = { call: 'GET /api/2.0/serving-endpoints', status: 403, errorCode: 'PERMISSION_DENIED', detail: 'no' };
  const closed = workspaceWith(() => Promise.reject(new DatabricksError(facts)));
  expect(await withListedModel(closed, read)).toMatchObject({
    plan: { serving: { model: examplePlan().serving.model } },
    aboutModel: expect.stringContaining('does not show its serving endpoints') as string,
  });
  const none = workspaceWith(async () => []);
  expect((await withListedModel(none, read)).aboutModel).toContain('lists no Claude that lasts');
});

test('where the plan names /ai-gateway, whose models have other names, the list decides nothing', async () => {
  const plan = examplePlan(['gateway: serving-endpoints', 'gateway: ai-gateway']);
  const list = vi.fn(async () => [endpoint('databricks-claude-opus-4-8')]);
  const { plan: same, aboutModel } = await withListedModel(workspaceWith(list), { plan, modelLeftOut: true });
  expect(same).toEqual(plan);
  expect(aboutModel).toContain('/ai-gateway');
  expect(list).not.toHaveBeenCalled();
});

import { expect, test } from 'vitest';
import { ownVariables, withPort } from '../../src/apps/running/app-environment.ts';
import { readAppYaml, usualCommand } from '../../src/apps/running/app-yaml.ts';
import { buildSteps } from '../../src/apps/running/build-steps.ts';
import type { App } from '../../src/apps/app-model.ts';
import { Principals } from '../../src/identity/principals.ts';
import { SecretScopes } from '../../src/secrets/secret-scopes.ts';
import { ANN, BEN } from '../harness.ts';

const files = (texts: Readonly<Record<string, string>>): Map<string, Buffer> =>
  new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));

test('app.yaml says what runs and with what variables; without it npm comes first, then a Python file', () => {
  const yaml = 'command: [gunicorn, app:server, -w, 4]\nenv:\n  - {name: A, value: 1}\n  - {name: B, valueFrom: key}\n';
  expect(readAppYaml(files({ 'app.yaml': yaml, 'app.yml': 'command: [no]' }))).toEqual({
    command: ['gunicorn', 'app:server', '-w', '4'],
    env: [
      { name: 'A', value: '1' },
      { name: 'B', valueFrom: 'key' },
    ],
  });
  expect(readAppYaml(files({ 'app.yml': '' }))).toEqual({ command: undefined, env: [] });
  expect(() => readAppYaml(files({ 'app.yaml': 'a: b: c' }))).toThrow(/^app\.yaml is no YAML: /);
  expect(() => readAppYaml(files({ 'app.yaml': 'command: python app.py' }))).toThrow(/^app\.yaml cannot be read: /);
  expect(usualCommand(files({ 'z.py': '', 'helper.py': '', 'a/app.py': '' }))).toEqual(['python', 'helper.py']);
  expect(usualCommand(files({ 'app.py': '', 'package.json': '' }))).toEqual(['npm', 'run', 'start']);
  expect(() => usualCommand(files({ 'README.md': '' }))).toThrow(/^There is nothing to run/);
  expect(['$DATABRICKS_APP_PORT', ':$DATABRICKS_APP_PORT,', '$DATABRICKS_APP_PORTS', '$HOME'].map(withPort)).toEqual([
    '8000',
    ':8000,',
    '$DATABRICKS_APP_PORTS',
    '$HOME',
  ]);
});

test('what an app needs is installed in the order of the platform, from what there is', () => {
  const says = (texts: Readonly<Record<string, string>>) =>
    buildSteps(files(texts), undefined).map((step) => step.says);
  const scripts = JSON.stringify({ scripts: { build: 'x' } });
  expect(says({ 'app.py': '' })).toEqual([]);
  expect(says({ 'package.json': scripts, 'requirements.txt': '' })).toEqual([
    'npm install',
    'python -m venv',
    'pip install -r requirements.txt',
    'npm run build',
  ]);
  expect(says({ 'package.json': '{}', 'pnpm-lock.yaml': '' })).toEqual(['pnpm install']);
  expect(says({ 'pyproject.toml': '', 'uv.lock': '' })).toEqual(['uv sync']);
  expect(says({ 'pyproject.toml': '', 'uv.lock': '', 'requirements.txt': '' })).not.toContain('uv sync');
  const pip = (packages?: readonly string[]) => buildSteps(files({ 'requirements.txt': '' }), packages)[1]?.argv ?? [];
  expect(pip([])).toEqual(expect.arrayContaining(['--no-index', '--find-links', '/run/packages']));
  expect(pip()).not.toContain('--find-links');
});

test('what the platform has already is there before, in its very versions, for apps with pip', () => {
  const wheels = [
    'dash-2.18.1-py3-none-any.whl',
    'flask-3.0.30-py3-none-any.whl',
    'dash_bootstrap_components-1.6.0-py3-none-any.whl',
    'pandas-2.2.3-cp312-cp312-manylinux_2_17_x86_64.whl',
  ];
  const says = (texts: Readonly<Record<string, string>>) => buildSteps(files(texts), wheels).map((step) => step.says);
  const preinstalled = 'preinstalled: dash==2.18.1, dash-bootstrap-components==1.6.0';
  expect(says({ 'app.py': '' })).toEqual(['python -m venv', preinstalled]);
  expect(says({ 'requirements.txt': '' })).toEqual(['python -m venv', preinstalled, 'pip install -r requirements.txt']);
  expect(says({ 'pyproject.toml': '', 'uv.lock': '' })).toEqual(['uv sync']);
  expect(says({ 'package.json': '{}' })).toEqual(['npm install']);
});

test('a variable is taken from a resource of the app, a secret only if who deploys may read it', () => {
  const principals = new Principals();
  const [ann, ben] = [ANN, BEN].map((userName) => principals.addUser({ userName }));
  const scopes = new SecretScopes(principals);
  scopes.create('s', ANN);
  scopes.put(scopes.get('s'), 'k', Buffer.from('hush'), 0);
  const resources = [
    { name: 'key', secret: { scope: 's', key: 'k', permission: 'READ' } },
    { name: 'model', serving_endpoint: { name: 'claude', permission: 'CAN_QUERY' } },
    { name: 'job', job: { id: '7', permission: 'CAN_VIEW' } },
  ];
  const app = { fields: { resources } } as unknown as App;
  const variables = [
    { name: 'A', value: 'first' },
    { name: 'KEY', valueFrom: 'key' },
    { name: 'MODEL', valueFrom: 'model' },
    { name: 'JOB', valueFrom: 'job' },
    { name: 'A', value: 'last' },
  ];
  expect(ownVariables(variables, app, scopes, ann)).toEqual({ A: 'last', KEY: 'hush', MODEL: 'claude', JOB: '7' });
  for (const who of [ben, undefined]) {
    const refused = () => ownVariables(variables, app, scopes, who);
    expect(refused).toThrow(/^The secret for the variable KEY cannot be read: /);
    expect(refused).not.toThrow(/hush/);
  }
  expect(() => ownVariables([{ name: 'B', valueFrom: 'none' }], app, scopes, ann)).toThrow(
    'The variable B is taken from the resource none, and the app has no resource of that name.',
  );
});

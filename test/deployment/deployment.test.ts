import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { webCommand } from '../../src/cli/commands/web/web-command.ts';
import { openHealthServer } from '../../src/metrics/health-server.ts';
import { runProgram } from '../run-program.ts';
import { WEB_PORT } from '../../src/cli/commands/web/web-port.ts';
import { scratchFolder } from '../scratch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

const service = z.looseObject({
  image: z.string().optional(),
  init: z.boolean().optional(),
  stop_grace_period: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  env_file: z.array(z.object({ path: z.string(), required: z.boolean() })).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  build: z.unknown().optional(),
  command: z.array(z.string()).optional(),
  healthcheck: z
    .object({ test: z.array(z.string()) })
    .loose()
    .optional(),
});
const compose = z
  .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const { services } = compose;

/** How the image starts: without a shell in between. */
const CMD = JSON.parse(/^CMD (\[.*\])$/.exec(read('deploy/Dockerfile').trim().split('\n').at(-1) ?? '')?.[1] ?? '[]');

/** The worker gives its activities this long when it is told to stop. */
const WORKER_GRACE_SECONDS = 30;

it.runIf(spawnSync('docker', ['compose', 'version']).status === 0)('docker compose accepts the file', () => {
  // As in a fresh clone: without a password, and without a word about it.
  const { TEMPORAL_DATABASE_PASSWORD: _password, ...env } = process.env;
  const { status, stderr } = spawnSync('docker', ['compose', 'config', '-q'], { cwd: root, env, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it('lets a worker finish what it is doing', () => {
  const worker = services['worker'];
  expect(worker?.init).toBe(true);
  expect(Number(/^(\d+)s$/.exec(worker?.stop_grace_period ?? '')?.[1])).toBeGreaterThan(WORKER_GRACE_SECONDS);
});

it('starts the worker as process of its own, so that SIGTERM reaches it', () => {
  expect([CMD[0], ...CMD.slice(-2)]).toEqual(['node', 'src/cli/main.ts', 'worker']);
});

it('serves the pages with what the worker is, and sees that they answer', () => {
  const [worker, web] = [services['worker'], services['web']];
  expect(web?.build).toEqual(worker?.build);
  expect(web?.env_file).toEqual(worker?.env_file);
  expect(web?.environment).toEqual(worker?.environment);
  expect(web?.init).toBe(true);
  expect(web?.ports).toEqual([`127.0.0.1:${WEB_PORT}:${WEB_PORT}`]);
  expect(web?.command?.slice(0, 4)).toEqual([...CMD.slice(0, 3), 'web']);
  expect(web?.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${WEB_PORT}/healthz`);
  expect(read('deploy/worker.env.example')).toMatch(/^WORKSHOP_LINK_KEY=$/m);
});

it('a Databricks App starts the same pages, with secrets by the name of a resource only', () => {
  const app = z
    .strictObject({
      command: z.array(z.string()),
      env: z.array(
        z.strictObject({ name: z.string(), value: z.string().optional(), valueFrom: z.string().optional() }),
      ),
    })
    .parse(parse(read('deploy/databricks-app/app.yaml')));
  const [shell, option, line = ''] = app.command;
  expect([shell, option, app.command.length]).toEqual(['sh', '-c', 3]);
  expect(line).toMatch(/^exec node .* src\/cli\/main\.ts web --host 0\.0\.0\.0 --port "\$DATABRICKS_APP_PORT" /);
  const known = webCommand().options.flatMap(({ long }) => long ?? []);
  for (const [given] of line.slice(line.indexOf(' web ')).matchAll(/--[a-z-]+/g)) expect(known).toContain(given);
  const given = app.env.map(({ name }) => name);
  for (const [, name] of line.matchAll(/\$(WORKSHOP_\w+)/g)) expect(given).toContain(name);
  for (const { name, value, valueFrom } of app.env) {
    expect(
      [value, valueFrom].filter((one) => one !== undefined),
      name,
    ).toHaveLength(1);
    if (/KEY|SECRET|TOKEN/.test(name)) expect(valueFrom, name).toMatch(/^[a-z-]+$/);
  }
});

it('what is uploaded as a Databricks App is all that the pages need', ({ onTestFinished }) => {
  const folder = scratchFolder(onTestFinished);
  const gather = spawnSync('sh', ['deploy/databricks-app/gather.sh', folder], { cwd: root, encoding: 'utf8' });
  expect(gather.stderr).toBe('');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { WORKSHOP_LINK_KEY: _, ...env } = process.env;
  const started = spawnSync(process.execPath, [...CMD.slice(1, 3), 'web'], { cwd: folder, env, encoding: 'utf8' });
  // All of it was loaded: it lacks only what an app is given.
  expect(started.stderr).toContain('WORKSHOP_LINK_KEY is not set');
  const sizes = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .map((name) => lstatSync(join(folder, name)).size);
  // A larger file fails a deployment (docs/facts/apps.md section 2).
  expect(Math.max(...sizes)).toBeLessThan(10_000_000);
});

it('starts the same in the composition, and asks it where it answers whether it takes work', async () => {
  const { command = [], healthcheck, ports } = services['worker'] ?? {};
  expect(command.slice(0, CMD.length)).toEqual(CMD);
  const port = command[command.indexOf('--metrics-port') + 1];
  expect(ports).toEqual([`127.0.0.1:${port}:${port}`]);
  const [cmd, node, e, script = ''] = healthcheck?.test ?? [];
  expect([cmd, node, e]).toEqual(['CMD', 'node', '-e']);
  expect(script).toContain(`http://127.0.0.1:${port}/readyz`);
  let why: string | undefined;
  const health = { notReady: () => why, metrics: async () => '' };
  const server = await openHealthServer(health, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const at = (url: string) =>
    runProgram(process.execPath, ['-e', script.replace(`http://127.0.0.1:${port}`, url)], {}).then(({ code }) => code);
  expect(await at(server.url)).toBe(0);
  why = 'it is shutting down';
  expect(await at(server.url)).toBe(1);
  await server.close();
  expect(await at(server.url)).toBe(1);
});

it('keeps finished workflows for 30 days', () => {
  expect(services['temporal-namespace']?.environment?.['RETENTION']).toBe('30d');
  expect(read('deploy/temporal-namespace.sh').match(/--retention "\$RETENTION"/g)).toHaveLength(2);
});

it('is reachable from its own machine only', () => {
  const ports = Object.values(services).flatMap((each) => each.ports ?? []);
  expect(ports.length).toBeGreaterThan(0);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

it('holds no secret, and git tracks none of the files that do', () => {
  for (const [name, { environment = {} }] of Object.entries(services)) {
    for (const [variable, value] of Object.entries(environment)) {
      if (/PASSWORD|PWD|SECRET|TOKEN/.test(variable)) expect(value, `${name}: ${variable}`).toMatch(/^\$\{\w+:-\}$/);
    }
  }
  const ignored = read('.gitignore').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.env', '*.env']));
  expect(services['worker']?.env_file).toEqual([{ path: 'deploy/worker.env', required: false }]);
});

it('is whole: what it waits for, mounts and stores in exists', () => {
  for (const { depends_on = {}, volumes = [] } of Object.values(services)) {
    for (const other of Object.keys(depends_on)) expect(Object.keys(services)).toContain(other);
    for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
      if (source.startsWith('./')) expect(read(source)).not.toBe('');
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
});

it('rosters and plans of real workshops are offered neither to a commit nor to the image', () => {
  const own = ['attendees.txt', 'spring.csv', 'roster.xlsx', 'workshop.yaml', 'my-workshop.yaml'];
  const { stdout } = spawnSync('git', ['check-ignore', ...own], { cwd: root, encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual(own);
  const examples = ['attendees.example.txt', 'workshop.example.yaml'];
  expect(spawnSync('git', ['check-ignore', ...examples], { cwd: root, encoding: 'utf8' }).stdout).toBe('');
  const docker = read('.dockerignore').split('\n');
  for (const pattern of ['*.csv', '*.txt', '*.xlsx', '*.yaml']) expect(docker).toContain(pattern);
  for (const example of examples) expect(docker).toContain(`!${example}`);
  // The texts of letters lie further in, and the worker needs them.
  expect(docker.filter((pattern) => /^messages|^\*\*\/.*txt$/.test(pattern))).toEqual([]);
});

/** An image of the composition, as it is without any setting. */
const byDefault = (text: string) => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

it('every image is pinned by digest, but for those that are named here, and each of them can be', () => {
  const images = Object.values(services).flatMap(({ image }) => image ?? []);
  const node = /^ARG NODE_IMAGE=(.+)$/m.exec(read('deploy/Dockerfile'))?.[1] ?? '';
  const unpinned = [...new Set([...images.map(byDefault), node])].filter(
    (image) => !/@sha256:[0-9a-f]{64}$/.test(image),
  );
  // No registry of images could be asked for these: see docs/deployment.md. One more is not to be added.
  expect(unpinned.toSorted()).toEqual([
    'node:24-bookworm-slim',
    'postgres:16',
    'temporalio/admin-tools:1.31.0',
    'temporalio/server:1.31.0',
    'temporalio/ui:2.49.1',
  ]);
  // A digest belongs to one image: each has a setting of its own, which takes one.
  const settings = [...new Set(images)].map((image) => /\$\{(\w+):-/.exec(image)?.[1]);
  expect(new Set(settings).size).toBe(settings.length);
  expect(settings).not.toContain(undefined);
  expect(read('deploy/Dockerfile').match(/^FROM .+$/gm)).toEqual([
    'FROM ${NODE_IMAGE} AS dependencies',
    'FROM ${NODE_IMAGE}',
  ]);
});

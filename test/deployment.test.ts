import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
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
});
const compose = z
  .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('docker-compose.yml'), { merge: true }));
const { services } = compose;

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
  expect(read('deploy/Dockerfile').trim().split('\n').at(-1)).toMatch(
    /^CMD \["node",.*"src\/cli\/main\.ts", "worker"\]$/,
  );
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

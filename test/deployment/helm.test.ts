import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { workerCommand } from '../../src/cli/commands/before/worker-command.ts';
import { webCommand } from '../../src/cli/commands/web/web-command.ts';
import { findOnPath } from '../../src/executable.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const chart = join(root, 'deploy/helm/databricks-workshop');
const FULL = join(chart, 'ci/full-values.yaml');
/** One that is not built from a release does not know for which Kubernetes it is. */
const FOR = ['--kube-version', '1.33.0'];
/** Beyond the 45 s after which the worker ends whatever still runs. */
const LEAST_GRACE_SECONDS = 60;

const isThere = (program: string) => findOnPath(program, process.env['PATH']) !== undefined;
const absent = isThere('helm') ? undefined : 'needs helm';
const withoutSchemas = absent ?? (isThere('kubernetes-validate') ? undefined : 'needs kubernetes-validate of PyPI');

const read = (path: string) => readFileSync(join(chart, path), 'utf8');
const helm = (...args: string[]) => spawnSync('helm', args, { encoding: 'utf8' });

const container = z.looseObject({
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.looseObject({ name: z.string() })).nullish(),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  livenessProbe: z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
  readinessProbe: z.looseObject({ httpGet: z.object({ path: z.string(), port: z.string() }) }),
  securityContext: z.record(z.string(), z.unknown()),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
});
const pod = z.looseObject({
  automountServiceAccountToken: z.boolean(),
  securityContext: z.looseObject({ runAsNonRoot: z.boolean() }),
  containers: z.array(container).length(1),
  volumes: z.array(z.looseObject({ name: z.string() })),
  terminationGracePeriodSeconds: z.number().optional(),
});
const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }),
});
type KubernetesObject = z.output<typeof object>;

function rendered(...args: string[]): KubernetesObject[] {
  const { status, stdout, stderr } = helm('template', 'spring', chart, ...FOR, ...args);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return parseAllDocuments(stdout).map((document) => object.parse(document.toJS()));
}

const podsOf = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata: { name }, spec }) => ({
      name,
      ...pod.parse(z.looseObject({ template: z.looseObject({ spec: z.unknown() }) }).parse(spec).template.spec),
    }));
const kindsOf = (objects: readonly KubernetesObject[]) => objects.map(({ kind }) => kind).toSorted();

it('is of the version that it deploys, and holds no secret', () => {
  const { version } = z.object({ version: z.string() }).parse(parse(readFileSync(join(root, 'package.json'), 'utf8')));
  expect(parse(read('Chart.yaml'))).toMatchObject({ appVersion: version });
  const empty = read('values.yaml').match(/^ *existingSecret: .*$/gm) ?? [];
  expect(empty.length).toBeGreaterThan(4);
  expect(empty.filter((line) => !line.endsWith(`''`))).toEqual([]);
});

it('reads from its environment only variables that the program knows', () => {
  const sources = spawnSync('git', ['grep', '-hoE', '(WORKSHOP|DATABRICKS)_[A-Z_]+', '--', 'src'], { cwd: root });
  const known = new Set(sources.stdout.toString().split('\n'));
  const named = `${read('templates/_pod.tpl')}${read('templates/worker.yaml')}${read('templates/web.yaml')}`;
  const unknown = (named.match(/\b(WORKSHOP|DATABRICKS)_[A-Z_]+/g) ?? []).filter((name) => !known.has(name));
  expect(unknown).toEqual([]);
});

describe.skipIf(absent !== undefined)(`the Helm chart${absent ? ` (left out: ${absent})` : ''}`, () => {
  it.each([
    ['as it is', []],
    ['with everything', ['--values', FULL]],
  ])('has nothing that helm finds fault with, %s', (_name, args) => {
    const { status, stdout } = helm('lint', '--strict', chart, ...FOR, ...args);
    expect(stdout).toContain('0 chart(s) failed');
    expect(status).toBe(0);
  });

  it('is a worker with its letters, and no more, unless more is asked for', () => {
    const kinds = ['Deployment', 'PersistentVolumeClaim', 'PodDisruptionBudget', 'ServiceAccount'];
    expect(kindsOf(rendered())).toEqual(kinds);
  });

  it('is all there is with everything', () => {
    const kinds = new Set(kindsOf(rendered('--values', FULL)));
    expect([...kinds]).toEqual([
      'Deployment',
      'Ingress',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'PodDisruptionBudget',
      'PodMonitor',
      'PrometheusRule',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ]);
  });

  it.each([[[]], [['--values', FULL]]])('starts what the image has, with options that it takes: %j', (args) => {
    const commands = { worker: workerCommand(), web: webCommand() };
    const pods = podsOf(rendered(...args));
    expect(pods.length).toBeGreaterThan(0);
    for (const { containers } of pods) {
      const [node, warning, main, name, ...options] = containers[0]?.args ?? [];
      expect([node, warning, main]).toEqual(['node', '--disable-warning=ExperimentalWarning', 'src/cli/main.ts']);
      const known = commands[name as keyof typeof commands].options.map(({ long }) => long);
      for (const option of options.filter((each) => each.startsWith('--'))) expect(known).toContain(option);
    }
  });

  it('runs as nobody in particular, without a token, and can write where it must and nowhere else', () => {
    const pods = podsOf(rendered('--values', FULL));
    expect(pods.map(({ name }) => name.replace(/^.*-/, '')).toSorted()).toEqual(['web', 'worker']);
    for (const { automountServiceAccountToken, securityContext, containers, volumes } of pods) {
      expect(automountServiceAccountToken).toBe(false);
      expect(securityContext.runAsNonRoot).toBe(true);
      const [one] = containers;
      expect(one?.securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
      expect(one?.volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
      const mounted = one?.volumeMounts.map(({ name }) => name).toSorted();
      expect(volumes.map(({ name }) => name).toSorted()).toEqual(mounted);
    }
  });

  it('asks a worker whether it lives and takes work, and gives it time to end', () => {
    const worker = podsOf(rendered())[0];
    expect(worker?.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(LEAST_GRACE_SECONDS);
    const [one] = worker?.containers ?? [];
    expect(one?.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'metrics' });
    expect(one?.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
    const port = one?.args[one.args.indexOf('--metrics-port') + 1];
    expect(one?.ports).toEqual([{ name: 'metrics', containerPort: Number(port) }]);
  });

  it('names secrets and holds none, and keeps letters when it is uninstalled', () => {
    const objects = rendered('--values', FULL);
    expect(kindsOf(objects)).not.toContain('Secret');
    for (const { containers } of podsOf(objects))
      for (const { name, ...variable } of containers[0]?.env ?? [])
        if (/TOKEN|SECRET|PASSWORD|API_KEY/.test(name)) expect(variable, name).toHaveProperty('valueFrom.secretKeyRef');
    const claim = objects.find(({ kind }) => kind === 'PersistentVolumeClaim');
    expect(claim?.metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  it('holds no event stream back, and knows where people reach its pages', () => {
    const objects = rendered('--values', FULL);
    const ingress = objects.find(({ kind }) => kind === 'Ingress');
    expect(ingress?.metadata.annotations).toMatchObject({ 'nginx.ingress.kubernetes.io/proxy-buffering': 'off' });
    const web = podsOf(objects).find(({ name }) => name.endsWith('-web'));
    expect(web?.containers[0]?.args.join(' ')).toContain('--public-url https://room.example.com');
  });

  it('takes an image by its digest, and rules from a file', () => {
    expect(podsOf(rendered('--values', FULL))[0]?.containers[0]?.image).toMatch(/@sha256:[0-9a-f]{64}$/);
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'rules.yaml'), 'groups:\n  - name: one\n    rules: []\n');
    const set = `metrics.prometheusRule.rules=${join(folder, 'rules.yaml')}`;
    const rule = rendered('--values', FULL, '--set-file', set).find(({ kind }) => kind === 'PrometheusRule');
    expect(rule?.['spec']).toEqual({ groups: [{ name: 'one', rules: [] }] });
  });

  it.each([
    [['worker.replicas=2'], 'Several workers cannot share a ReadWriteOnce volume'],
    [['temporal.tls.client=true'], 'name it in temporal.tls.existingSecret'],
    [['web.enabled=true'], 'name the Secret that has it in keys.existingSecret'],
    [['web.identityHeader=X-User'], 'set web.identityHeader and web.trustedProxies together'],
    [['metrics.prometheusRule.enabled=true'], 'There are no rules'],
    [['worker.replica=2'], 'replica'],
  ])('says what is wrong with %j', (settings, message) => {
    const { status, stderr } = helm('template', chart, ...FOR, ...settings.flatMap((each) => ['--set', each]));
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
  });
});

const title = `Kubernetes takes what the chart makes${withoutSchemas ? ` (left out: ${withoutSchemas})` : ''}`;
describe.skipIf(withoutSchemas !== undefined)(title, () => {
  it.each([
    ['1.25', []],
    ['1.33', ['--values', FULL]],
  ])('%s', (version, args) => {
    const { stdout } = helm('template', 'spring', chart, ...FOR, ...args);
    const folder = mkdtempSync(join(tmpdir(), 'chart-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'all.yaml'), stdout);
    const checked = spawnSync('kubernetes-validate', ['-k', version, '--strict', join(folder, 'all.yaml')], {
      encoding: 'utf8',
    });
    const said = `${checked.stdout}${checked.stderr}`;
    expect(said).toContain('passed for resource deployment/spring-databricks-workshop-worker');
    expect(said.match(/^ERROR.*$/gm) ?? []).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findOnPath } from '../../src/executable.ts';
import { scratchFolder } from '../scratch.ts';

const chart = fileURLToPath(new URL('../../deploy/helm/databricks-workshop', import.meta.url));
const FULL = ['--values', join(chart, 'ci/full-values.yaml')];
/** Of the Prometheus operator, whose schemas are no part of Kubernetes. */
const NOT_OF_KUBERNETES = 'PodMonitor,PrometheusRule,ServiceMonitor';

/** Whose schemas are needed; kubeconform says which other it misses. */
const KINDS = [
  'deployment-apps-v1',
  'ingress-networking-v1',
  'networkpolicy-networking-v1',
  'persistentvolumeclaim-v1',
  'poddisruptionbudget-policy-v1',
  'service-v1',
  'serviceaccount-v1',
];

const found = (program: string) => findOnPath(program, process.env['PATH']);
const missing = ['helm', 'kubeconform', 'kubernetes-validate'].filter((program) => found(program) === undefined);
const title = `kubeconform${missing.length > 0 ? ` (left out: needs ${missing.join(', ')}; .ci/run gets them)` : ''}`;

/** A schema, or a part of one. */
type Part = { readonly [name: string]: unknown };

/** Its references made to point into the file itself: kubeconform reads each schema by itself. */
function pointingInside(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(pointingInside);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([name]) => name !== '$id')
      .map(([name, value]) => [
        name,
        name === '$ref' && typeof value === 'string' ? value.replace(/^.*#/, '#') : pointingInside(value),
      ]),
  );
}

/** Where kubeconform finds the schemas of one version, which the package kubernetes-validate of PyPI carries. */
function schemasOf(version: string): string {
  const environment = dirname(dirname(realpathSync(found('kubernetes-validate') ?? '')));
  const place = `lib/python*/site-packages/kubernetes_validate/kubernetes-json-schema/v${version}-local-strict`;
  const [from = ''] = globSync(place, { cwd: environment }).map((folder) => join(environment, folder));
  const read = (name: string) => pointingInside(JSON.parse(readFileSync(join(from, name), 'utf8'))) as Part;
  const { $defs } = read('_definitions.json');
  const to = join(scratchFolder(), `v${version}`);
  mkdirSync(to);
  for (const name of KINDS.map((kind) => `${kind}.json`))
    writeFileSync(join(to, name), JSON.stringify({ ...read(name), $defs }));
  return join(to, '{{.ResourceKind}}{{.KindSuffix}}.json');
}

function rendered(version: string, values: readonly string[]): string {
  return spawnSync('helm', ['template', 'spring', chart, '--kube-version', version, ...values], { encoding: 'utf8' })
    .stdout;
}

function conforms(version: string, schemas: string, manifests: string) {
  const args = ['-strict', '-summary', '-output', 'json', '-skip', NOT_OF_KUBERNETES, '-kubernetes-version', version];
  const { status, stdout } = spawnSync('kubeconform', [...args, '-schema-location', schemas, '-'], {
    input: manifests,
    encoding: 'utf8',
  });
  const { resources, summary } = JSON.parse(stdout) as { resources: { msg: string }[]; summary: object };
  return { status, summary, said: resources.map(({ msg }) => msg).join('\n') };
}

describe.skipIf(missing.length > 0)(title, () => {
  it.each(['1.25.0', '1.33.0', '1.37.0'])('finds nothing wrong with the chart for Kubernetes %s', (version) => {
    const schemas = schemasOf(version);
    const few = conforms(version, schemas, rendered(version, []));
    expect(few).toEqual({ status: 0, said: '', summary: { valid: 4, invalid: 0, errors: 0, skipped: 0 } });
    const all = conforms(version, schemas, rendered(version, FULL));
    expect(all).toEqual({ status: 0, said: '', summary: { valid: 11, invalid: 0, errors: 0, skipped: 3 } });
  });

  it('would find something', () => {
    const slips = rendered('1.33.0', [])
      .replace('replicas: 1', 'replicas: one')
      .replace('terminationGracePeriodSeconds', 'terminationGraceSeconds');
    const { status, said } = conforms('1.33.0', schemasOf('1.33.0'), slips);
    expect(status).not.toBe(0);
    expect(said).toMatch(/replicas.*got string/s);
    expect(said).toContain("'terminationGraceSeconds' not allowed");
  });
});

import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { findOnPath } from '../../src/executable.ts';
import { METRIC_NAMES } from '../../src/metrics/exposition.ts';
import { alerts, dashboard, expressions, monitoredNames, ONLY_AFTER_FAILURES, RULES } from './monitored-names.ts';

const absent =
  findOnPath('promtool', process.env['PATH']) === undefined ? 'needs promtool, which is in Prometheus' : undefined;
const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** What the SDK puts behind a name: units, and the series of a histogram. */
const withoutEnding = (name: string) => name.replace(/_bucket$/, '').replace(/_(seconds|total)$/, '');

it('asks only for metrics that a worker tells', () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const [own, ofProcess, ofSdk] = ['workshop_', /^(process|nodejs)_/, 'temporal_'].map((start) =>
    monitoredNames().filter((name) => (typeof start === 'string' ? name.startsWith(start) : start.test(name))),
  ) as [string[], string[], string[]];
  expect([...own, ...ofProcess, ...ofSdk].toSorted()).toEqual(monitoredNames());
  expect(METRIC_NAMES).toEqual(expect.arrayContaining(own));
  const told = registry.getMetricsAsArray().map(({ name }) => name);
  expect(told).toEqual(expect.arrayContaining(ofProcess));
  // The SDK tells of what has happened, and of nothing else: its names stand in its native core.
  const core = dirname(createRequire(import.meta.url).resolve('@temporalio/core-bridge/package.json'));
  const [file = ''] = globSync(join(core, 'releases/*linux*/index.node'));
  const native = readFileSync(file);
  expect(ofSdk.length).toBeGreaterThan(5);
  const base = (name: string) => withoutEnding(name.replace(/^temporal_/, ''));
  expect(ofSdk.filter((name) => !native.includes(base(name)))).toEqual([]);
  expect(native.includes('no_such_metric')).toBe(false);
  expect(ofSdk).toEqual(expect.arrayContaining([...ONLY_AFTER_FAILURES]));
});

it('shows or alarms about everything that is told of a workshop', () => {
  const unused = METRIC_NAMES.filter((name) => !monitoredNames().includes(name));
  // How many run is for those who ask by hand.
  expect(unused).toEqual(['workshop_running']);
});

it('counts a workshop once, however many workers tell of it', () => {
  for (const expr of expressions())
    for (const [, before = ''] of expr.matchAll(/(.{0,40})\bworkshop_(?!worker|reading|answers,)\w+/gs))
      expect(before, expr).toMatch(/\b(max( by \([\w, ]+\))?|label_values)\s*\($/);
});

it('each alert says what to do, and is explained', () => {
  const names = alerts().map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(page.match(/`Workshop[A-Z]\w+`/g))).toEqual(new Set(names.map((name) => `\`${name}\``)));
});

it('has panels that Grafana can tell apart', () => {
  const { panels, templating } = dashboard();
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'workshop']);
  for (const { targets = [], type, title } of panels) expect(targets.length > 0, title).toBe(type !== 'row');
});

describe.skipIf(absent !== undefined)(`Prometheus itself${absent ? ` (left out: ${absent})` : ''}`, () => {
  it.each([
    ['takes the rules', ['check', 'rules', RULES]],
    ['is alarmed when it should be, and not when not', ['test', 'rules', RULES.replace('.yaml', '.test.yaml')]],
  ])('%s', (_name, args) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('SUCCESS');
    expect(status).toBe(0);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNotReal } from '../src/nodes/can-be-real.ts';
import { openNodes } from '../src/nodes/open-nodes.ts';
import { startSandbox } from '../src/sandbox.ts';
import type { Sandbox } from '../src/sandbox.ts';
import { readAreas } from './area.ts';
import type { Area, Case } from './area.ts';
import type { AbsentClient, Client } from './client.ts';
import { differences } from './differences.ts';

const MINUTE = 60_000;
const PEOPLE = ['ann@example.com', 'ben@example.com'];

/** What clients ask for their own sake, whatever they are told to do. */
const HOUSEKEEPING = new Set(['GET /.well-known/databricks-config', 'POST /telemetry-ext']);

/**
 * How the sandbox counts what it does not imitate: no case may meet that unless it says so, or a refusal could be of
 * the wrong kind.
 */
const NO_ROUTE = '(no such route)';

/**
 * Makes a test of every case in a client's folder. The cases of an area share a sandbox and run in order, as a person
 * would type them.
 */
export async function play(folder: string, client: Client | AbsentClient): Promise<void> {
  for (const area of readAreas(folder)) {
    const lack = 'absent' in client ? client.absent : area.nodes === 'real' ? await whyNotReal() : undefined;
    describe(`${client.name}: ${area.about}`, () => {
      if ('absent' in client || lack !== undefined) skipAll(area, client.name, lack ?? '');
      else playArea(area, client);
    });
  }
}

function skipAll(area: Area, client: string, lack: string): void {
  for (const { name } of area.cases) {
    saySkipped(client, area, name, lack);
    test.skip(`${name} (${lack})`, () => {});
  }
}

function playArea(area: Area, client: Client): void {
  const kept: Record<string, string> = {};
  let passed = 0;
  let sandbox: Sandbox;
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));

  beforeAll(async () => {
    const { nodes } = await openNodes(area.nodes);
    sandbox = await startSandbox({ people: PEOPLE, nodes, speed: area.speed, now: () => Date.now() + passed });
    for (const [name, groups] of Object.entries(area.servicePrincipals)) {
      const { clientId, clientSecret } = sandbox.addServicePrincipal(name, { groups });
      kept[`${name}_id`] = clientId;
      kept[`${name}_secret`] = clientSecret;
    }
    for (const [name, content] of Object.entries(area.files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const one of area.cases) {
    const lack = client.lacks(one);
    if (lack !== undefined) {
      saySkipped(client.name, area, one.name, lack);
      test.skip(`${one.name} (${lack})`, () => {});
      continue;
    }
    test(one.name, async () => {
      passed += (one.minutesLater ?? 0) * MINUTE;
      const before = sandbox.books().requests.byRoute;
      const outcome = await client.run({
        area: area.name,
        script: one.run,
        folder,
        env: environment(sandbox, one, kept, folder),
      });
      const after = sandbox.books().requests.byRoute;
      const requests = Object.keys(after)
        .filter((route) => after[route] !== before[route] && !HOUSEKEEPING.has(route))
        .sort();
      const missed = requests.filter((route) => route.endsWith(NO_ROUTE));
      expect(
        differences({ missed: [], ...client.usual, ...one.expect }, { ...outcome, requests, missed }, kept, 'outcome'),
        explained(one, outcome),
      ).toEqual([]);
      for (const [name, path] of Object.entries(one.keep)) kept[name] = String(valueAt(outcome, path));
    });
  }
}

function environment(
  sandbox: Sandbox,
  one: Case,
  kept: Readonly<Record<string, string>>,
  folder: string,
): Record<string, string> {
  const token = one.as === undefined ? sandbox.adminToken : sandbox.tokenFor(one.as);
  const all = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    // No settings of whoever runs the tests.
    HOME: join(folder, 'home'),
    DATABRICKS_HOST: sandbox.url,
    DATABRICKS_TOKEN: token,
    ...kept,
    ...one.env,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      value === '' ? [] : [[name, value.replace(/^\$([a-z_]+)$/, (whole, key: string) => kept[key] ?? whole)]],
    ),
  );
}

function valueAt(outcome: unknown, path: string): unknown {
  const value = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], outcome);
  if (value === undefined) throw new Error(`There is nothing at ${path} to keep`);
  return value;
}

const explained = (one: Case, outcome: unknown): string =>
  `${one.run.trim()}\nsource: ${one.source}\noutcome: ${JSON.stringify(outcome, undefined, 2).slice(0, 3_000)}\n`;

/** Directly to stdout: a reporter only counts what is skipped. */
function saySkipped(client: string, area: Area, name: string, reason: string): void {
  process.stdout.write(`skipped: ${client}, ${area.name}: ${name} (${reason})\n`);
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { startTemporalServer, type TemporalServer } from '../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { startWorkerProcess, type WorkerProcess } from '../../../src/cli/rehearsal/embedded/worker-process.ts';
import { openRoom, passingLinkKey } from '../../../src/cli/commands/web/open-room.ts';
import { LINK_KEY } from '../../../src/domain/links/link-key.ts';
import type { EventReport } from '../../../src/domain/event/event-report.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import type { EventPart } from '../../../src/domain/replayed/event/event.ts';
import { SEARCH_ATTRIBUTES } from '../../../src/temporal/register-search-attributes.ts';
import { scratchFolder } from '../../scratch.ts';
import { eventually } from '../../workflows/stage/eventually.ts';
import { MAIN, workshop } from '../run-cli.ts';

const SPEED = 60;
const LONG_MS = 8 * 60_000;
const LATE = 'late@example.com';
const PEOPLE = ['ann', 'bo', 'cy', 'di', 'ed', 'flo'].map((name) => `${name}@example.com`);

let folder: string;
let sandboxes: readonly [Sandbox, Sandbox];
let server: TemporalServer;
let worker: WorkerProcess;
let env: Record<string, string>;
let plan: string;
let removeFolder = () => {};

/** In so many milliseconds, as a plan says it. */
const clock = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(Date.now() + ms)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' });

const planText = (startsInMs: number): string => `
id: spring
title: Spring workshop
start: ${clock(startsInMs)}
timeZone: UTC
length: 20m
agenda: {opening: 1s, setup: 1s, handsOn: 1s, wrapUp: 1s}
offsets: {twoWeeksBefore: 14d, oneWeekBefore: 7d, dayBefore: 1d, dayOf: 30s}
contacts:
  leadFacilitator: {name: Ann Lee, contact: ann.lee@example.com}
  databricksAdmin: {name: Bo Lund, contact: bo.lund@example.com}
  networkSupport: {name: Desk, contact: desk@example.com}
compute: {pool: {drill: false}}
teardown: {grace: 1s}
workspaces:
  - {workspace: '${sandboxes[0].url}', name: north, people: 4}
  - {workspace: '${sandboxes[1].url}', name: south, compute: {pool: {spares: 1, margin: 1}}}
`;

beforeAll(async () => {
  folder = scratchFolder((clean) => (removeFolder = clean));
  sandboxes = await Promise.all([
    startSandbox({ speed: SPEED, people: [...PEOPLE, LATE] }),
    startSandbox({ speed: SPEED, people: [...PEOPLE, LATE] }),
  ]);
  server = await startTemporalServer({
    ui: false,
    log: join(folder, 'temporal.log'),
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  const profiles = join(folder, 'profiles');
  await writeFile(
    profiles,
    sandboxes.map(({ url, adminToken }, n) => `[place-${n}]\nhost = ${url}\ntoken = ${adminToken}\n`).join('\n'),
  );
  env = {
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: server.namespace,
    DATABRICKS_CONFIG_FILE: profiles,
    WORKSHOP_PROFILES: 'place-0,place-1',
  };
  worker = await startWorkerProcess({
    env,
    logFile: join(folder, 'worker.log'),
    entry: [MAIN, 'worker', '--folder', folder, '--speed', String(SPEED)],
  });
  plan = join(folder, 'plan.yaml');
  await writeFile(join(folder, 'attendees.txt'), PEOPLE.join('\n'));
  await writeFile(plan, planText(90_000));
});
afterAll(async () => {
  await worker?.stop();
  await server?.stop();
  for (const sandbox of sandboxes ?? []) await sandbox.close();
  removeFolder();
});

const run = (...args: string[]) => workshop(args, env);

it('is planned, started in two workspaces, run as one, ended, and proven in both', { timeout: LONG_MS }, async () => {
  const planned = await run('plan', plan);
  expect(planned.stdout).toContain(`north  3 people in ${sandboxes[0].url}; room for 4: as its plan says`);
  expect(planned.stdout).toContain(`south  3 people in ${sandboxes[1].url}; nothing bounds it`);

  // With the credentials of one workspace, the other is said and left for later.
  const first = await workshop(['start', plan, '--yes', '--speed', String(SPEED)], {
    ...env,
    WORKSHOP_PROFILES: 'place-0',
  });
  expect(first).toMatchObject({ code: 1, stdout: expect.stringContaining('"spring" runs in 1 of 2 workspaces') });
  expect(first.stderr).toContain(`south: 3 people in ${sandboxes[1].url}`);
  expect(first.stderr).toContain(`it cannot be started: No credentials are for ${sandboxes[1].url}.`);
  const alone = JSON.parse((await run('status', 'spring', '--json')).stdout) as Progress;
  expect(alone.parts).toMatchObject([
    { name: 'north', status: 'running' },
    { name: 'south', silence: expect.any(String) },
  ]);

  const started = await run('start', plan, '--yes', '--speed', String(SPEED), '--json');
  expect(started).toMatchObject({ code: 0, stderr: expect.stringContaining('"spring-north" runs already') });
  const { parts } = JSON.parse(started.stdout) as { parts: EventPart[] };
  expect(parts.map(({ id, workspace }) => ({ id, workspace }))).toEqual([
    { id: 'spring-north', workspace: sandboxes[0].url },
    { id: 'spring-south', workspace: sandboxes[1].url },
  ]);

  const again = await run('start', plan, '--yes', '--speed', String(SPEED), '--json');
  expect((JSON.parse(again.stdout) as { parts: EventPart[] }).parts).toEqual(parts);
  expect(again.stderr).toContain('"spring-north" runs already');

  const ready = await eventually(async () => {
    const { stdout } = await run('status', 'spring', '--json');
    const progress = JSON.parse(stdout) as Progress;
    expect(progress.attendees.byState).toEqual({ ready: PEOPLE.length });
    return progress;
  }, 180_000);
  expect(ready.workshop.id).toBe('spring');
  expect(ready.attendees.attendees).toBe(PEOPLE.length);
  expect(ready.parts).toMatchObject([
    { name: 'north', people: 3, ready: 3 },
    { name: 'south', people: 3, ready: 3 },
  ]);
  expect(ready.checklist.find(({ id }) => id === 'policy')).toMatchObject({
    state: 'passed',
    evidence: expect.stringMatching(/^2 of 2 workspaces/),
  });
  const page = await run('status', 'spring');
  expect(page.stdout).toContain('north  spring-north: 3 of 3 ready');

  await acts();
  await onThePage(parts);
  const listed = await run('teardown', 'spring', '--dry-run', '--json');
  expect(listed.stdout.match(/"kind": "pool"/g)).toHaveLength(2);
  const ended = await run('teardown', 'spring', '--execute', '--yes', '--speed', String(SPEED));
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing is left in any of the 2') });

  const report = await eventually(async () => {
    const { stdout, stderr } = await run('report', 'spring', '--json');
    expect(stderr).toBe('');
    return JSON.parse(stdout) as EventReport;
  }, 240_000);
  expect(report.proof).toEqual({ proven: true, notProven: [] });
  expect(report.attendees).toMatchObject({ total: PEOPLE.length, ready: PEOPLE.length, removed: PEOPLE.length });
  expect(report.parts.map(({ name, report: own }) => ({ name, total: own?.attendees.total }))).toEqual([
    { name: 'north', total: 3 },
    { name: 'south', total: 3 },
  ]);
  for (const sandbox of sandboxes) {
    const { clusters, pools } = sandbox.books();
    // The canary, and three people.
    expect(clusters.length).toBeGreaterThanOrEqual(4);
    expect([...clusters, ...pools].filter(({ alive }) => alive)).toEqual([]);
  }
});

/** What a facilitator does about all of it at once, while it runs. */
async function acts(): Promise<void> {
  const signedOff = await run('sign-off', 'spring', 'proxy', '--note', 'two laptops');
  expect(signedOff).toMatchObject({ code: 0, stdout: expect.stringContaining(', in all 2 workspaces') });
  // Both have three people, and the first of them has room for four.
  const added = await run('attendees', 'add', 'spring', LATE);
  expect(added.stdout).toContain(`${LATE} in ${sandboxes[0].url}`);
  const listed = JSON.parse((await run('attendees', 'list', 'spring', '--json')).stdout) as { email: string }[];
  expect(listed.map(({ email }) => email)).toEqual([...PEOPLE, LATE].toSorted());
  // North is full by now, and whom the roster wants there has no place.
  await writeFile(join(folder, 'more.csv'), 'email,workspace\nmore@example.com,north\n');
  const more = await run('attendees', 'import', join(folder, 'more.csv'), 'spring');
  expect(more.stderr).toContain('more@example.com has no place: the roster wants them where there is no room left');
  const elsewhere = await run('attendees', 'add', 'spring-south', LATE);
  expect(elsewhere.stderr).toContain(`At the same time in the workshop "spring-north" too: ${LATE}.`);
  for (const id of ['spring-south', 'spring'])
    expect(await run('attendees', 'remove', id, LATE, '--yes')).toMatchObject({ code: 0 });
  expect((await run('pause', 'spring', '--reason', 'a test')).stdout).toContain('in all 2 workspaces');
  expect(JSON.parse((await run('status', 'spring', '--json')).stdout)).toMatchObject({ paused: { reason: 'a test' } });
  expect((await run('resume', 'spring')).stdout).toContain('in all 2 workspaces');
  const one = await run('handover', 'spring');
  expect(one.stderr).toContain('Name its workshop: spring-north, spring-south.');
  const unnamed = await run('checklist');
  expect(unnamed.stderr).toContain('Event spring, the only one that runs');
  expect(unnamed.stdout).toMatch(/proxy[^\n]*\n?[^\n]*2 of 2 workspaces/);
}

/** One page for whoever runs it: everybody, and each workspace. */
async function onThePage(parts: readonly EventPart[]): Promise<void> {
  const room = await openRoom({ ...env, [LINK_KEY]: passingLinkKey() }, 0);
  try {
    const page = await fetch(room.facilitatorsPage('spring', parts[0]?.runId ?? ''));
    const text = await page.text();
    expect(page.status).toBe(200);
    for (const name of ['ann', 'flo']) expect(text).toContain(name);
    for (const name of ['north', 'south']) expect(text).toContain(`${name}: 3 of 3 ready`);
  } finally {
    await room.close();
  }
}

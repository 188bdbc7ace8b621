import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { expect, test, vi } from 'vitest';
import type { Report } from '../../src/domain/papers/report.ts';
import { findTemporal } from '../../src/cli/downloads/temporal-binary.ts';
import type { Measures } from '../../src/cli/rehearsal/rehearsal-measures.ts';
import { startTemporalServer } from '../../src/cli/rehearsal/embedded/temporal-server.ts';
import { NEEDS_TIME } from '../workflows/stage/ended-well.ts';
import { eventually } from '../workflows/stage/eventually.ts';
import { temporalOptions } from '../../src/temporal/connection-options.ts';
import { PayloadEncryption } from '../../src/temporal/encryption/payload-encryption.ts';
import { TokenSearch } from '../secrets/token-search.ts';
import { scratchFolder } from '../scratch.ts';
import { WatchedRoom } from './watched-room.ts';

const WORKSHOP = fileURLToPath(new URL('../../bin/workshop', import.meta.url));
const PEOPLE = 6;
const LINK = /\/rehearsal-\w+\/[0-9a-f]{16}\.[\w-]{24}/g;
const NO_SEAL = '_'.repeat(24);

/** Runs the command as a facilitator does, in an environment that must not matter. */
function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hears: (stderr: string) => void = () => {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(WORKSHOP, args, {
      env: {
        ...process.env,
        DATABRICKS_HOST: 'https://real.example.com',
        DATABRICKS_TOKEN: 'never-used',
        ARM_CLIENT_ID: 'never-used',
        ...env,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      hears(stderr);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** A rehearsal takes as much longer as its computer is slower, and says so: only one that hangs is ended. */
vi.setConfig({ testTimeout: 1_500_000 });

// Side by side: both wait more than they compute.
test.concurrent('a small rehearsal: everybody ready, everything removed, and only the report on stdout', async () => {
  let room: WatchedRoom | undefined;
  const { code, stdout, stderr } = await run(
    ['rehearse', '--attendees', String(PEOPLE), '--web', '--json'],
    {},
    (said) => {
      const page = /^The room: (http\S+)\n/m.exec(said)?.[1];
      if (page !== undefined) room ??= new WatchedRoom(page);
    },
  );
  await room?.stop();
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  const report = JSON.parse(stdout) as Report & Measures;

  expect(report.attendees).toEqual({ total: PEOPLE, ready: PEOPLE, failed: 0, removed: PEOPLE });
  expect(report.clusters.left).toBe(0);
  expect(report.clusters.created).toBeGreaterThanOrEqual(PEOPLE + 1);
  expect(report.clusters.deleted).toBe(report.clusters.created);
  expect(report.pool).toEqual({ created: 1, deleted: 1 });
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  expect(Date.parse(report.proof.second ?? '')).toBeGreaterThan(Date.parse(report.proof.first ?? ''));
  expect(report.cost.actual).toBeGreaterThan(0);
  expect(report.notReady).toEqual([]);
  expect(
    report.checklist.filter(({ id, state }) => (state === 'failed' && id !== NEEDS_TIME) || state === 'unanswered'),
  ).toEqual([]);

  expect(report.requests.watching).toBeGreaterThan(0);
  expect(report.provisioning?.limitSeconds).toBeGreaterThan(0);
  const seatsThatWere = (state: string) =>
    new Set(room?.seen.flatMap((line) => (line.endsWith(` ${state}`) ? [line.split(' ')[0]] : [])));
  expect(seatsThatWere('starting').size, String(room?.seen)).toBeGreaterThanOrEqual(PEOPLE);
  expect(seatsThatWere('ready').size, String(room?.seen)).toBeGreaterThanOrEqual(PEOPLE);

  expect(stderr).toContain('In Temporal: http');
  expect(stderr + stdout).not.toContain('never-used');
});

test.concurrent('on a Temporal server that runs already: somebody joins by its command line, nothing is left', async ({
  onTestFinished,
}) => {
  const { path: temporal } = await findTemporal();
  const home = scratchFolder(onTestFinished);
  const dbFile = join(home, 'temporal.db');
  const server = await startTemporalServer({ binary: temporal, ui: false, dbFile, log: join(home, 'temporal.log') });
  onTestFinished(() => server.stop());
  const secrets = {
    WORKSHOP_PAYLOAD_KEY: randomBytes(32).toString('base64'),
    DATABRICKS_TOKEN: `canary-${randomUUID()}`,
    ARM_CLIENT_SECRET: `canary-${randomUUID()}`,
  };
  const { connection: options, dataConverter } = temporalOptions({ TEMPORAL_ADDRESS: server.address, ...secrets });
  const connection = await Connection.connect(options);
  onTestFinished(() => connection.close());
  const client = new Client({ connection, dataConverter });
  const open = async () => {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' }))
      ids.push(workflowId);
    return ids;
  };

  const search = new TokenSearch(Object.values(secrets));
  // Nodes themselves have tokens: only what they leave in volumes and workspace folders is looked through.
  const searched = ['databricks-workshop-*', 'databricks-sandbox-*/files'].map((name) =>
    search.watch(join(home, name)),
  );
  const rehearsal = run(['rehearse', '--attendees', '2', '--web', '--json'], {
    TEMPORAL_ADDRESS: server.address,
    TMPDIR: home,
    ...secrets,
  });
  const id = await eventually(async () => {
    const lifecycle = (await open()).find((workflowId) => /^workshop\/[^/]+$/.test(workflowId));
    if (lifecycle === undefined) throw new Error('no lifecycle yet');
    return lifecycle;
  });
  await promisify(execFile)(temporal, [
    'workflow',
    'signal',
    '--address',
    server.address,
    '--workflow-id',
    id,
    '--name',
    'addAttendee',
    '--input',
    '{"email":"late@example.com"}',
  ]);

  const { code, stdout, stderr } = await rehearsal;
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect((JSON.parse(stdout) as Report).attendees).toEqual({ total: 3, ready: 3, failed: 0, removed: 3 });
  for await (const { scheduleId } of client.schedule.list()) expect.fail(`the schedule ${scheduleId} is still there`);
  await eventually(async () => expect(await open()).toEqual([]));

  for (const stop of searched) stop();
  search.inText('what it said', stdout + stderr);
  search.inFolder(home);
  const told = await search.inHistories(client, PayloadEncryption.from(secrets));
  expect([...search.found]).toEqual([]);
  // Something was looked through: letters, the report, logs of nodes, and what people are called in histories.
  for (const part of [/\.txt$/, /report\.json$/, /worker\.log$/, /files\/Volumes\/.*workshop_logs/, /temporal\.db/])
    expect([...search.read].filter((path) => part.test(path)).length, String(part)).toBeGreaterThan(0);
  expect(told).toContain('attendee001@example.com');
  // People's links work in their letters; what Temporal holds of them opens nothing.
  const letters = globSync(join(home, 'databricks-workshop-*/rehearsal-*/letters/*.txt'));
  const links = letters.flatMap((letter) => readFileSync(letter, 'utf8').match(LINK) ?? []);
  expect(links.length).toBeGreaterThanOrEqual(3);
  expect(links.filter((link) => link.endsWith(NO_SEAL))).toEqual([]);
  expect(told.match(LINK)?.filter((link) => !link.endsWith(NO_SEAL))).toEqual([]);
  // But for whom somebody named in the clear, the server holds nobody's address.
  for (const path of [...search.read].filter((name) => name.startsWith(dbFile)))
    expect(readFileSync(path, 'latin1')).not.toMatch(/attendee\d+@/);
});

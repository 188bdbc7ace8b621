import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { expect, onTestFinished } from 'vitest';
import type { ClusterRequest } from '../../src/activities/clusters/attendee-cluster.ts';
import type { FailureDetail } from '../../src/activities/retryable-failures.ts';
import { createActivities, type Activities } from '../../src/activities/index.ts';
import type { Run } from '../../src/activities/run.ts';
import { connectWorkspace, DatabricksError, type Workspace } from '../../src/databricks/workspace.ts';
import { INIT_SCRIPT } from '../../src/domain/replayed/made/claude-code.ts';
import type { TemporalServerId } from '../../src/domain/replayed/claim/claim.ts';
import type { Plan } from '../../src/domain/plan/plan.ts';
import type { Seat } from '../../src/domain/replayed/seat/seat.ts';
import { FolderNotifier } from '../../src/messages/folder.ts';
import { startSandbox, type Books, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { examplePlan } from '../domain/plan/example-plan.ts';

export const ANN = 'ann@example.com';
export const BEN = 'ben@example.com';

export const SERVER: TemporalServerId = {
  id: 'namespace-of-this-test',
  address: 'temporal.example.com:7233',
  namespace: 'default',
  host: 'worker-host',
};

const LAPTOP = join(import.meta.dirname, '..', '..', 'laptop');

/** A boot of minutes takes about half a second. */
const SPEED = 600;

export interface SettingOptions {
  readonly people?: readonly string[];
  readonly sandbox?: SandboxOptions;
  /** Whose token the worker has; the admin's when left out. The user must be among `people`. */
  readonly worker?: string;
  readonly plan?: Partial<Plan>;
  /** Puts a bad day between the activities and the workspace. */
  readonly change?: (workspace: Workspace) => Workspace;
  readonly temporal?: Client;
  /** The Temporal server that the worker belongs to. */
  readonly server?: TemporalServerId;
  /** The worker's; empty when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly reportKey?: string;
}

/** Temporal as far as rosters need it: one cohort, with these seats. */
export const cohortOf = (seats: () => readonly Seat[]): Client =>
  ({ workflow: { getHandle: () => ({ query: async () => seats() }) } }) as unknown as Client;

/** Activities over a real gateway to a real sandbox; all of it closed when the test ends, however it ends. */
export async function openSetting({
  people = [ANN, BEN],
  sandbox: options = {},
  worker,
  plan: changes = {},
  change = (workspace) => workspace,
  temporal = untouched(),
  server = SERVER,
  env = {},
  reportKey,
}: SettingOptions = {}) {
  const sandbox = await startSandbox({ people, speed: SPEED, ...options });
  onTestFinished(() => sandbox.close());
  const admin = connect(sandbox, sandbox.adminToken);
  const workspace = change(worker === undefined ? admin : connect(sandbox, sandbox.tokenFor(worker)));
  const folder = await mkdtemp(join(tmpdir(), 'workshop-activities-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const initScripts = join(folder, 'init-scripts');
  await mkdir(initScripts);
  await writeFile(join(initScripts, INIT_SCRIPT), '#!/bin/bash\necho installed\n');
  const plan: Plan = { ...examplePlan(), workspace: sandbox.url, ...changes };
  const run: Run = { workshopId: plan.id, runId: 'run-of-this-test', workspaceId: sandbox.workspaceId };
  const closing = new AbortController();
  const bare = createActivities({
    workspace,
    temporal,
    server,
    notifier: new FolderNotifier(folder),
    folder,
    initScripts,
    laptop: LAPTOP,
    env,
    reportKey,
    closing: closing.signal,
    listingGap: 20,
  });
  return {
    sandbox,
    admin,
    workspace,
    plan,
    run,
    folder,
    initScripts,
    closing,
    /** Each call runs as a worker would run it, in an environment of its own. */
    activities: performed(bare, () => silentEnvironment()),
    /** For a test that listens to heartbeats or cancels. */
    activitiesIn: (environment: MockActivityEnvironment) => performed(bare, () => environment),
  };
}

export type Setting = Awaited<ReturnType<typeof openSetting>>;

/** A gateway of its own; for what an attendee or an admin would see. */
export function connect(sandbox: Sandbox, token: string): Workspace {
  const workspace = connectWorkspace({ host: sandbox.url, token, env: {}, requestsPerSecond: 200 });
  onTestFinished(() => workspace.close());
  return workspace;
}

/** The SDK says on the console that an activity failed; tests that ask for it know. */
export const silentEnvironment = (): MockActivityEnvironment =>
  new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

function performed(activities: Activities, environment: () => MockActivityEnvironment): Activities {
  const wrapped = Object.entries(activities).map(
    ([name, act]) =>
      [
        name,
        (...args: unknown[]): Promise<unknown> =>
          environment().run(act as unknown as (...args: unknown[]) => Promise<unknown>, ...args),
      ] as const,
  );
  return Object.fromEntries(wrapped) as unknown as Activities;
}

/** What openAccess grants to somebody who holds nothing, by the example's volumes. */
export const GRANTED = [
  'USE_CATALOG on catalog main',
  'USE_SCHEMA on schema main.default',
  'READ_VOLUME on volume main.default.init_scripts',
  'READ_VOLUME on volume main.default.workshop_logs',
  'WRITE_VOLUME on volume main.default.workshop_logs',
];

/** Volumes, script, policy and pool, as the lifecycle makes them before anybody gets a cluster. */
export async function furnish(
  { activities, run, plan }: Setting,
  people = 2,
): Promise<{ policyId: string; poolId: string }> {
  await activities.ensureVolumes(run, { plan });
  await activities.uploadScripts(run, { plan });
  const { policyId } = await activities.ensurePolicy(run, { plan });
  const { poolId } = await activities.ensurePool(run, { plan, people });
  return { policyId, poolId };
}

/** What an admin grants so that a script can be read and a log written with everybody's rights. */
export async function openVolumesTo({ admin, plan }: Setting, principal: string): Promise<void> {
  await admin.grants.update('catalog', plan.unityCatalog.scripts.split('.')[0] ?? '', [
    { principal, add: ['USE_CATALOG', 'USE_SCHEMA', 'READ_VOLUME', 'WRITE_VOLUME'] },
  ]);
}

/** Ann's seat, outside the pool unless the test says otherwise. */
export const requestFor = (
  { plan }: Setting,
  policyId: string,
  more: Partial<ClusterRequest> = {},
): ClusterRequest => ({
  plan,
  key: 'seat-of-ann',
  generation: 1,
  email: ANN,
  userName: ANN,
  policyId,
  ...more,
});

/** The failure that an activity ends with; anything else, success included, fails the test. */
export async function failureOf(outcome: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await outcome.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApplicationFailure);
  return error as ApplicationFailure;
}

/** What a failure tells a person to do. */
export const detailOf = (failure: ApplicationFailure): Partial<FailureDetail> => failure.details?.[0] ?? {};

/** An error answer, as the gateway would make it. */
export const answered = (
  status: number,
  errorCode: string,
  more: { detail?: string; retryAfterMs?: number } = {},
): DatabricksError =>
  new DatabricksError({
    call: 'GET /api/2.0/something',
    status,
    errorCode,
    detail: more.detail ?? 'said the workspace',
    retryAfterMs: more.retryAfterMs,
  });

const READS_BY_POST = new Set(['POST /api/2.1/clusters/events', 'POST /serving-endpoints/anthropic/v1/messages']);

/** How many requests so far changed something, or tried to. */
export const mutations = ({ requests }: Books): number =>
  Object.entries(requests.byRoute).reduce(
    (sum, [route, count]) => sum + (/^(GET|HEAD) /.test(route) || READS_BY_POST.has(route) ? 0 : count),
    0,
  );

/** How many requests so far went to routes that begin like this. */
export const requestsTo = ({ requests }: Books, route: string): number =>
  Object.entries(requests.byRoute).reduce((sum, [name, count]) => sum + (name.startsWith(route) ? count : 0), 0);

/** Ids of clusters that are not permanently deleted. */
export const alive = ({ clusters }: Books): string[] => clusters.filter((cluster) => cluster.alive).map(({ id }) => id);

function untouched(): Client {
  return new Proxy(
    {},
    {
      get(_, name) {
        throw new Error(`This activity has no business with Temporal, and asked it for ${String(name)}`);
      },
    },
  ) as Client;
}

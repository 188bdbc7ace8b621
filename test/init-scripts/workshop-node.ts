import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { clusterFiles, sha256, type StagedFile } from '../../src/bundle/on-cluster.ts';
import { tarArchive } from '../../src/bundle/tar-archive.ts';
import { BUNDLE, PINNED_CLAUDE_CODE } from '../../src/domain/replayed/made/claude-code.ts';
import { claudeCodeArchive } from '../../src/cli/bundle/claude-code-archive.ts';
import { pythonWheels } from '../../src/cli/bundle/python-wheels.ts';
import { openNodes, startSandbox, whyNotReal, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { ANN, BEN, clientOf, createCluster, getCluster, type Client } from '../../sandbox/test/harness.ts';
import { grant } from '../../sandbox/test/nodes/on-real-nodes.ts';

export const INIT_SCRIPTS = join(import.meta.dirname, '..', '..', 'init-scripts');
export const SCRIPTS = '/Volumes/main/default/init_scripts';
export const LOGS = '/Volumes/main/default/workshop_logs';
const WORK = '/Volumes/main/default/work';

const machines = await whyNotReal();
const archive =
  machines === undefined ? await claudeCodeArchive(PINNED_CLAUDE_CODE.version) : { reason: 'not asked for' };
const noClaude = 'reason' in archive ? archive.reason : undefined;

/**
 * Tests on a node with Claude Code from npm. Where there can be none, or npm does not answer, they are left out by name
 * and with the reason.
 */
export const describeWithClaudeCode = (name: string, tests: () => void): void => {
  const why = machines ?? (noClaude === undefined ? undefined : `needs npm: ${noClaude}`);
  describe.skipIf(why !== undefined)(why === undefined ? name : `${name} (left out: ${why})`, tests);
};

export interface WorkshopSandbox {
  readonly sandbox: Sandbox;
  readonly admin: Client;
  /** Puts a file into the scripts volume, or takes it away. */
  readonly stage: (name: string, bytes: Uint8Array | string | undefined) => Promise<void>;
  /** Makes these the faults of the sandbox. */
  readonly faults: (list: readonly unknown[]) => Promise<void>;
  /** A cluster of Ann's, settled: RUNNING, or TERMINATED by its init script. */
  readonly launch: (variables?: Readonly<Record<string, string>>, script?: string) => Promise<Launched>;
}

export interface Launched {
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a server answered
  readonly cluster: any;
  /** Runs bash as Ann does in a session: her token and workspace in the environment. */
  readonly session: (command: string, how?: How) => Promise<Ran>;
  /** Runs the job of the workshop in Ann's name. */
  readonly job: (...parameters: readonly string[]) => Promise<JobRan>;
}

export interface JobRan {
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a job answered
  readonly report: any;
  /** All that it printed. */
  readonly logs: string;
}

interface How {
  readonly login?: boolean;
  /** What takes longer than most: an installation, on a computer that has other work. */
  readonly limitMs?: number;
  /** On top of the session's own; empty takes a variable away. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the session was let in with; no output may hold it. */
  readonly token: string;
}

/** A sandbox with the volumes of a workshop and this bundle in them. Closed after the tests of the block. */
export function workshopSandbox(
  bundle: () => Promise<readonly StagedFile[]>,
  options: Pick<SandboxOptions, 'appPackages'> = {},
): () => WorkshopSandbox {
  let opened: WorkshopSandbox | undefined;
  let sandbox: Sandbox | undefined;
  beforeAll(async () => {
    const { nodes } = await openNodes('real');
    sandbox = await startSandbox({ people: [ANN, BEN], speed: 1_000, nodes, ...options });
    opened = await furnished(sandbox, await bundle());
  });
  afterAll(() => sandbox?.close());
  return () => {
    if (!opened) throw new Error('not open yet');
    return opened;
  };
}

async function furnished(sandbox: Sandbox, bundle: readonly StagedFile[]): Promise<WorkshopSandbox> {
  const admin = clientOf(sandbox, sandbox.adminToken);
  const control = clientOf(sandbox, undefined);
  for (const name of ['init_scripts', 'workshop_logs', 'work']) {
    await admin('POST', '/api/2.1/unity-catalog/volumes', {
      catalog_name: 'main',
      schema_name: 'default',
      name,
      volume_type: 'MANAGED',
    });
    await grant(
      admin,
      `volume/main.default.${name}`,
      'users',
      name === 'init_scripts' ? ['READ_VOLUME'] : ['READ_VOLUME', 'WRITE_VOLUME'],
    );
  }
  await grant(admin, 'catalog/main', 'users', ['USE_CATALOG', 'USE_SCHEMA']);
  const stage = async (name: string, bytes: Uint8Array | string | undefined): Promise<void> => {
    const path = `/api/2.0/fs/files${SCRIPTS}/${name}`;
    if (bytes !== undefined && name.includes('/'))
      await admin('PUT', `/api/2.0/fs/directories${SCRIPTS}/${name.slice(0, name.lastIndexOf('/'))}`);
    const answer =
      bytes === undefined ? await admin('DELETE', path) : await admin('PUT', `${path}?overwrite=true`, bytes);
    expect(answer.status, answer.text).toBeLessThan(300);
  };
  for (const { name, bytes } of bundle) await stage(name, bytes);
  const endpoint = (await admin('GET', '/api/2.0/serving-endpoints/databricks-claude-sonnet-4-6')).json.id as string;
  await admin('PATCH', `/api/2.0/permissions/serving-endpoints/${endpoint}`, {
    access_control_list: [{ group_name: 'users', permission_level: 'CAN_QUERY' }],
  });
  return {
    sandbox,
    admin,
    stage,
    async faults(list) {
      const answer = await control('PUT', '/__sandbox/faults', { faults: list });
      expect(answer.status, answer.text).toBe(200);
    },
    async launch(variables = {}, script = 'install-claude-code.sh') {
      const id = await createCluster(admin, {
        init_scripts: [{ volumes: { destination: `${SCRIPTS}/${script}` } }],
        spark_env_vars: {
          WORKSHOP_SCRIPTS: SCRIPTS,
          WORKSHOP_LOGS: LOGS,
          WORKSHOP_HOST: sandbox.url,
          WORKSHOP_USER: ANN,
          ...variables,
        },
        cluster_log_conf: { volumes: { destination: LOGS } },
      });
      await admin('PATCH', `/api/2.0/permissions/clusters/${id}`, {
        access_control_list: [{ user_name: ANN, permission_level: 'CAN_RESTART' }],
      });
      await reached(async () => (await getCluster(admin, id)).state as string, ['RUNNING', 'TERMINATED'], 50_000);
      return {
        id,
        cluster: await getCluster(admin, id),
        session: (command, how = {}) => session(admin, id, command, how),
        job: (...parameters) => job(admin, id, parameters),
      };
    },
  };
}

/**
 * A version that npm never had: a program which says its version and nothing else, so that tests of everything around
 * it are quick and need no npm.
 */
export const STAND_IN = '0.0.1';

/** A bundle with the stand-in. @param said what the stand-in prints */
export async function standInBundle(said = `echo '${STAND_IN} (Claude Code)'`): Promise<StagedFile[]> {
  const archived = tarArchive([
    { path: 'package/claude', bytes: Buffer.from(`#!/bin/bash\n${said}\n`), executable: true },
  ]);
  const folder = BUNDLE.claudeCode(STAND_IN);
  return [
    ...(await clusterFiles(INIT_SCRIPTS)),
    { name: `${folder}/${BUNDLE.archive(STAND_IN)}`, bytes: archived },
    { name: `${folder}/${BUNDLE.sums}`, bytes: Buffer.from(`${sha256(archived)}  ${BUNDLE.archive(STAND_IN)}\n`) },
  ];
}

/** What `bin/workshop bundle` stages, but for the wheels. */
export async function wholeBundle(): Promise<StagedFile[]> {
  if ('reason' in archive) throw new Error(archive.reason);
  const { version } = PINNED_CLAUDE_CODE;
  const folder = BUNDLE.claudeCode(version);
  return [
    ...(await clusterFiles(INIT_SCRIPTS)),
    { name: `${folder}/${BUNDLE.archive(version)}`, bytes: readFileSync(archive.path) },
    { name: `${folder}/${BUNDLE.sums}`, bytes: Buffer.from(`${archive.sha256}  ${BUNDLE.archive(version)}\n`) },
  ];
}

/** The wheels of the exercise, or nothing where pip cannot get them. */
export async function wheels(): Promise<StagedFile[]> {
  const found = await pythonWheels(join(INIT_SCRIPTS, 'exercise', 'requirements.txt'));
  return 'reason' in found
    ? []
    : readdirSync(found.folder).map((name) => ({
        name: `${BUNDLE.wheels}/${name}`,
        bytes: readFileSync(join(found.folder, name)),
      }));
}

/** Unlike expect.poll also before the tests of a block. */
async function reached(look: () => Promise<string>, wanted: readonly string[], limitMs: number): Promise<void> {
  const began = performance.now();
  for (let state = await look(); !wanted.includes(state); state = await look()) {
    if (performance.now() - began > limitMs) throw new Error(`still ${state}, and not ${wanted.join(' or ')}`);
    await wait(50);
  }
}

async function session(
  admin: Client,
  clusterId: string,
  command: string,
  { login = false, env = {}, limitMs = 110_000 }: How,
): Promise<Ran> {
  const source = `import json, os, subprocess
from dbruntime.databricks_repl_context import get_context
context = get_context()
own = {'DATABRICKS_HOST': context.workspaceUrl, 'DATABRICKS_TOKEN': context.apiToken}
own['DATABRICKS_CLUSTER_ID'] = context.clusterId
env = {**os.environ, **own, **json.loads(${JSON.stringify(JSON.stringify(env))})}
env = {name: value for name, value in env.items() if value != ''}
command = ['/bin/bash', ${login ? "'-lc'" : "'-c'"}, json.loads(${JSON.stringify(JSON.stringify(command))})]
ran = subprocess.run(command, env=env, cwd='/root', capture_output=True, text=True, stdin=subprocess.DEVNULL)
print(json.dumps({'code': ran.returncode, 'stdout': ran.stdout, 'stderr': ran.stderr, 'token': context.apiToken}))
`;
  const file = `${WORK}/session.py`;
  await admin('PUT', `/api/2.0/fs/files${file}?overwrite=true`, source);
  const { logs } = await asAnn(admin, clusterId, file, [], limitMs);
  expect(logs).toContain('"token"');
  return JSON.parse(logs) as Ran;
}

/** What `jobs/as-attendee.py` says in its last line. */
export function reportIn(printed: string): unknown {
  const lines = printed
    .trimEnd()
    .split('\n')
    .filter((line) => line.startsWith('workshop-job: '));
  expect(lines, printed).toHaveLength(1);
  return JSON.parse(lines[0]?.slice('workshop-job: '.length) ?? '');
}

async function job(admin: Client, clusterId: string, parameters: readonly string[]): Promise<JobRan> {
  const { logs, result } = await asAnn(admin, clusterId, `${SCRIPTS}/jobs/as-attendee.py`, parameters);
  expect(result, logs).toBe('SUCCESS');
  return { report: reportIn(logs), logs };
}

/** Runs a Python file in Ann's name to its end. */
async function asAnn(
  admin: Client,
  clusterId: string,
  file: string,
  parameters: readonly string[] = [],
  limitMs = 110_000,
): Promise<{ logs: string; result: string }> {
  const submitted = await admin('POST', '/api/2.2/jobs/runs/submit', {
    run_name: 'session',
    run_as: { user_name: ANN },
    tasks: [
      { task_key: 'session', existing_cluster_id: clusterId, spark_python_task: { python_file: file, parameters } },
    ],
  });
  expect(submitted.status, submitted.text).toBe(200);
  const run = async () => (await admin('GET', `/api/2.2/jobs/runs/get?run_id=${submitted.json.run_id}`)).json;
  await reached(async () => (await run()).status.state as string, ['TERMINATED'], limitMs);
  const { tasks, state } = await run();
  const output = await admin('GET', `/api/2.2/jobs/runs/get-output?run_id=${tasks[0].run_id}`);
  return { logs: output.json.logs ?? output.text, result: state.result_state };
}

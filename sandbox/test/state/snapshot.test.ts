import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readSnapshot } from '../../src/state/snapshot-file.ts';
import { createCluster, openSandbox, spec } from '../harness.ts';
import { newFolder } from './restart.ts';

const SNAPSHOT = 'snapshot';

test('a snapshot is written soon after a change and not after a question; only the owner can read it', async () => {
  const state = newFolder();
  const { admin, sandbox } = await openSandbox({ state });
  const written = () => statSync(join(state, SNAPSHOT)).mtimeMs;
  const before = written();
  await admin('GET', '/api/2.1/clusters/list');
  await admin('POST', '/api/2.1/clusters/delete', { cluster_id: 'none' });
  await pause(400);
  expect(written()).toBe(before);
  await createCluster(admin);
  await expect.poll(written, { timeout: 5_000 }).toBeGreaterThan(before);
  for (const name of [SNAPSHOT, 'lock']) expect(statSync(join(state, name)).mode & 0o077, name).toBe(0);
  expect(statSync(state).mode & 0o077).toBe(0);
  expect(readdirSync(state)).not.toContain(`${SNAPSHOT}.part`);
  await sandbox.close();
  const again = await openSandbox({ state });
  expect(again.sandbox.books().clusters).toHaveLength(1);
});

test('questions to a model are not in it', async () => {
  const state = newFolder();
  const { admin, sandbox } = await openSandbox({ state });
  await admin('POST', '/serving-endpoints/anthropic/v1/messages', {
    model: 'databricks-claude-sonnet-4-5',
    max_tokens: 1,
    messages: [{ role: 'user', content: 'a-question-of-mine' }],
  });
  await createCluster(admin);
  await sandbox.close();
  expect(readFileSync(join(state, SNAPSHOT)).includes('a-question-of-mine')).toBe(false);
});

test('when it cannot be written nothing is changed any more, until there is room again', async () => {
  const state = newFolder();
  const { admin, sandbox } = await openSandbox({ state });
  const stands = join(state, `${SNAPSHOT}.part`);
  mkdirSync(stands);
  await createCluster(admin);
  // It is told when the write was tried, which takes as long as it takes.
  const refused = await vi.waitFor(async () => {
    const answer = await admin('POST', '/api/2.0/workspace/delete', { path: '/nothing' });
    expect(answer.status).toBe(500);
    return answer;
  }, 10_000);
  expect(refused.json.message).toContain('Make room on its disk');
  expect(() => sandbox.tokenFor('ann@example.com')).toThrow(/Make room/);
  expect((await admin('GET', '/api/2.1/clusters/list')).status).toBe(200);
  rmSync(stands, { recursive: true });
  await createCluster(admin);
  await sandbox.close();
  const again = await openSandbox({ state });
  expect(again.sandbox.books().clusters).toHaveLength(2);
});

async function startInAnotherProcess(state: string) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-sandbox.ts'), state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { url, token } = JSON.parse(line.toString()) as { url: string; token: string };
  const ask = async (path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const create = async () => String((await ask('/api/2.1/clusters/create', spec()))['cluster_id']);
  const list = async () =>
    ((await ask('/api/2.0/clusters/list'))['clusters'] as { cluster_id: string }[]).map(
      (cluster) => cluster.cluster_id,
    );
  const kill = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return { url, token, create, list, kill };
}

test('survives kill -9, but for what was answered in the last moment', async () => {
  const state = newFolder();
  const first = await startInAnotherProcess(state);
  const early: string[] = [];
  for (let made = 0; made < 5; made += 1) early.push(await first.create());
  const kept = () =>
    (readSnapshot(join(state, SNAPSHOT))?.parts['clusters'] as { clusters: Map<string, unknown> } | undefined)?.clusters
      .size;
  await expect.poll(kept, { timeout: 20_000 }).toBe(early.length);
  const all = [...early];
  for (let made = 0; made < 5; made += 1) all.push(await first.create());
  await first.kill();
  const again = await startInAnotherProcess(state);
  expect(again).toMatchObject({ url: first.url, token: first.token });
  const listed = await again.list();
  expect(listed).toEqual(expect.arrayContaining(early));
  expect(all).toEqual(expect.arrayContaining(listed));
});

test('is whole whenever the process is killed', async () => {
  const state = newFolder();
  for (const ms of [150, 230, 410]) {
    const sandbox = await startInAnotherProcess(state);
    const busy = (async () => {
      // A fast computer would use up what the workspace launches in a minute.
      for (;;) {
        await sandbox.create();
        await pause(8);
      }
    })().catch(() => undefined);
    await pause(ms);
    await sandbox.kill();
    await busy;
  }
  const last = await startInAnotherProcess(state);
  const made = await last.create();
  expect(await last.list()).toContain(made);
}, 30_000);

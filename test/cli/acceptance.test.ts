import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Report } from '../../src/domain/report.ts';

const WORKSHOP = fileURLToPath(new URL('../../bin/workshop', import.meta.url));
const PEOPLE = 6;

/** Runs the command as a facilitator does, in an environment that must not matter. */
function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(WORKSHOP, args, { env: { ...process.env, DATABRICKS_HOST: 'https://real.example.com', DATABRICKS_TOKEN: 'never-used', ARM_CLIENT_ID: 'never-used' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

test('a small rehearsal: everybody ready, everything removed, and only the report on stdout', async () => {
  const { code, stdout, stderr } = await run('rehearse', '--attendees', String(PEOPLE), '--json');
  expect(code, stderr).toBe(0);
  const report = JSON.parse(stdout) as Report;

  expect(report.attendees).toEqual({ total: PEOPLE, ready: PEOPLE, failed: 0, removed: PEOPLE });
  expect(report.clusters.left).toBe(0);
  expect(report.clusters.created).toBeGreaterThanOrEqual(PEOPLE + 1);
  expect(report.clusters.deleted).toBe(report.clusters.created);
  expect(report.pool).toEqual({ created: 1, deleted: 1 });
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  expect(Date.parse(report.proof.second ?? '')).toBeGreaterThan(Date.parse(report.proof.first ?? ''));
  expect(report.cost.actual).toBeGreaterThan(0);
  expect(report.notReady).toEqual([]);
  expect(report.checklist.filter(({ state }) => state === 'failed' || state === 'unanswered')).toEqual([]);

  expect(report.requests?.watching).toBeGreaterThan(0);
  expect(report.provisioning?.limitSeconds).toBeGreaterThan(0);
  expect(stderr).toContain('Temporal UI: http');
  expect(stderr + stdout).not.toContain('never-used');
}, 240_000);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openNodes } from '../../src/nodes/open-nodes.ts';
import { startSandbox } from '../../src/sandbox.ts';
import { ANN, clientOf } from '../harness.ts';
import { describeOnRealNodes } from '../nodes/on-real-nodes.ts';
import { newFolder } from '../state/restart.ts';
import { getApp } from './app-requests.ts';
import { ECHO, SLOW, openWithApps, processesWith, signedIn, visit } from './running-apps.ts';

describeOnRealNodes('running apps and the end of a sandbox', () => {
  test('an app goes on after a restart, at its address, and what was being deployed is told to be lost', async () => {
    const state = newFolder();
    const marker = `restarted-${process.pid}`;
    const first = await openWithApps({ state });
    const yaml = `command: [python, app.py, ${marker}]\n`;
    const { app } = await first.deployed('ann-dash', { 'app.py': ECHO, 'app.yaml': yaml });
    expect(processesWith(marker)).toBeGreaterThan(0);
    await first.ann('POST', '/api/2.0/apps/ann-dash/deployments', {
      source_code_path: `/Workspace/Users/${ANN}/ann-dash`,
    });
    await first.sandbox.close();
    expect(processesWith(marker)).toBe(0);

    const { nodes } = await openNodes('real');
    const again = await startSandbox({ state, nodes });
    onTestFinished(() => again.close());
    const ann = clientOf(again, again.tokenFor(ANN));
    const there = await getApp(ann, 'ann-dash');
    expect(there).toMatchObject({ url: app.url, active_deployment: app.active_deployment });
    expect(there).not.toHaveProperty('pending_deployment');
    const token = await signedIn(again, ANN);
    await expect.poll(async () => (await visit(app.url, token)).status, SLOW).toBe(200);
    const deployments = (await ann('GET', '/api/2.0/apps/ann-dash/deployments')).json.app_deployments;
    expect(deployments[0].status).toEqual({
      state: 'FAILED',
      message: 'The sandbox was stopped while this was deployed.',
    });
  });

  test('no app outlives a sandbox that is killed', async () => {
    const marker = `killed-${process.pid}`;
    const child = spawn(process.execPath, [`${import.meta.dirname}/killed-sandbox-with-an-app.ts`, marker], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    expect(line).toBe('RUNNING');
    expect(processesWith(`app.py\0${marker}`)).toBeGreaterThan(0);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => processesWith(`app.py\0${marker}`), SLOW).toBe(0);
  });
});

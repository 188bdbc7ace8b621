import { beforeAll, expect, test } from 'vitest';
import { ANN } from '../sandbox/harness.ts';
import { describeOnRealNodes } from '../sandbox/nodes/on-real-nodes.ts';
import { STAND_IN, standInBundle, workshopSandbox, type Launched } from './workshop-node.ts';

const SAVED = `/Workspace/Users/${ANN}/claude-workshop/saved-from-cluster`;

describeOnRealNodes("the job in an attendee's name", () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    expect(node.cluster.state).toBe('RUNNING');
  });

  test('a cluster that nobody used: all is well, and there is nothing to save', async () => {
    const { report } = await node.job('--check', '--save');
    expect(report).toMatchObject({ v: 1, check: { v: 1, command: 'check-claude', ok: true, person: ANN }, seeded: null });
    expect(report.check.checks.map(({ id }: { id: string }) => id)).toContain('endpoint');
    expect(report.saved).toEqual({ state: 'nothing', files: 0, bytes: 0, where: null, said: 'In /root there is nothing to save.' });
  });

  test('only what was asked for', async () => {
    expect((await node.job()).report).toEqual({ v: 1, check: null, saved: null, seeded: null });
  });

  test('work is saved', async () => {
    await node.session('mkdir -p ~/app && echo print > ~/app/app.py');
    expect((await node.job('--save')).report.saved).toMatchObject({ state: 'saved', files: 1, bytes: 6, where: SAVED });
  });
});

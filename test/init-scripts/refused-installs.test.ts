import { expect, test } from 'vitest';
import { diagnoseTermination } from '../../src/domain/replayed/diagnosis/diagnosis.ts';
import { describeOnRealNodes } from '../../sandbox/test/nodes/on-real-nodes.ts';
import { LOGS, SCRIPTS, STAND_IN, standInBundle, workshopSandbox } from './workshop-node.ts';

const ARCHIVE = `claude-code/${STAND_IN}/claude-code-linux-x64-${STAND_IN}.tgz`;

describeOnRealNodes(
  'a cluster whose init script cannot install what is needed does not come up, and the diagnosis says why',
  () => {
    const opened = workshopSandbox(standInBundle);

    /** Launches, and answers what a facilitator sees, and the log that outlived the node. */
    async function refused(variables: Readonly<Record<string, string>> = {}) {
      const { launch, admin } = opened();
      const { id, cluster } = await launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN, ...variables });
      expect(cluster.state).toBe('TERMINATED');
      const { code, type, parameters } = cluster.termination_reason;
      return {
        ...diagnoseTermination({ code, type, parameters }),
        log: (await admin('GET', `/api/2.0/fs/files${LOGS}/${id}/init-script-claude.log`)).text,
      };
    }

    /** With a part of the bundle taken away or replaced, put back afterwards. */
    async function without<T>(name: string, bytes: string | undefined, act: () => Promise<T>): Promise<T> {
      const { stage } = opened();
      await stage(name, bytes);
      const result = await act();
      for (const file of await standInBundle()) if (file.name === name) await stage(name, file.bytes);
      return result;
    }

    test('no bundle of Claude Code', async () => {
      const { cause, toDo, log, remedy } = await without(ARCHIVE, undefined, () => refused());
      expect(cause).toContain('The bundle that clusters install is missing in the scripts volume');
      expect(cause).toContain(
        `The bundle of Claude Code ${STAND_IN} is missing: ${SCRIPTS}/claude-code/${STAND_IN} has no ` +
          `claude-code-linux-x64-${STAND_IN}.tgz`,
      );
      expect(toDo).toContain('bin/workshop bundle');
      expect(remedy).toBe('person');
      expect(log).toContain('FAILED (20): The bundle of Claude Code');
    });

    test('a version that nobody staged, and no helper commands', async () => {
      expect((await refused({ WORKSHOP_CLAUDE_VERSION: '9.9.9' })).cause).toContain(
        'The bundle of Claude Code 9.9.9 is missing',
      );
      expect((await without('on-cluster.sha256', undefined, () => refused())).cause).toContain(
        'on-cluster.sha256 is not there',
      );
    });

    test('a wrong checksum, and nothing of the archive was run', async () => {
      const { cause, log } = await without(ARCHIVE, 'not what it was', () => refused());
      expect(cause).toContain('does not have its checksum');
      expect(cause).toContain('Nothing of it was run.');
      expect(log).toContain('FAILED (21)');
      expect(log).not.toContain(`Claude Code ${STAND_IN} (Claude Code)`);
      expect((await without('on-cluster.tar.gz', 'changed', () => refused())).cause).toContain(
        'The checksum of /Volumes/main/default/init_scripts/on-cluster.tar.gz is wrong',
      );
    });

    test('a Claude Code that does not start', async () => {
      const { stage } = opened();
      for (const { name, bytes } of await standInBundle('echo no such library >&2; exit 127'))
        if (name.startsWith('claude-code/')) await stage(name, bytes);
      expect((await refused()).cause).toMatch(/is installed and does not start\..*no such library/);
      for (const { name, bytes } of await standInBundle())
        if (name.startsWith('claude-code/')) await stage(name, bytes);
    });

    test('settings that cannot be', async () => {
      expect((await refused({ WORKSHOP_MODEL: 'a model"' })).cause).toContain('WORKSHOP_MODEL is no endpoint name');
    });

    test('optional parts stop nothing', async () => {
      const { launch } = opened();
      const { cluster, session } = await launch({
        WORKSHOP_CLAUDE_VERSION: STAND_IN,
        WORKSHOP_USER: 'nobody@example.com',
      });
      expect(cluster.state).toBe('RUNNING');
      const log = (await session('cat /tmp/init-script-claude.log')).stdout;
      expect(log).toMatch(
        new RegExp(
          "/Workspace/Users/nobody@example\\.com is not there, so work stays on this cluster's own disk.*\\n" +
            '.* work folder: left out',
        ),
      );
      expect(log).toContain('wheels for the exercise: left out');
      expect((await session('check-claude')).stdout).toMatch(/^FAIL {2}work +\/root\/workshop is not there/m);
    });
  },
);

import { beforeAll, expect, test } from 'vitest';
import { ANN } from '../../sandbox/test/harness.ts';
import { describeOnRealNodes } from '../../sandbox/test/nodes/on-real-nodes.ts';
import { JOB, LIB, reported, withContext } from './attendee-job.ts';
import { STAND_IN, standInBundle, workshopSandbox, type Launched } from './workshop-node.ts';

const NO_CONTEXT = 'raise RuntimeError("nobody")';
const COMMAND = '/usr/local/bin/check-claude';

interface Check {
  readonly id: string;
  readonly state: string;
}

describeOnRealNodes("the job in an attendee's name", () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    expect(node.cluster.state).toBe('RUNNING');
  });

  test('a cluster that nobody used: all is well, and there is nothing to save', async () => {
    const { report, logs } = await node.job('--check', '--save');
    expect(report).toMatchObject({
      v: 1,
      check: { v: 1, command: 'check-claude', ok: true, person: ANN },
      seeded: null,
    });
    expect(report.check.checks.find(({ id }: Check) => id === 'endpoint')).toMatchObject({ state: 'ok' });
    expect(report.saved).toEqual({
      state: 'nothing',
      files: 0,
      bytes: 0,
      where: null,
      kept: true,
      left: 0,
      said: 'In /root there is nothing to save.',
    });
    expect(logs.trimEnd().split('\n').at(-1)).toMatch(/^workshop-job: \{"v": 1, /);
    // What the SSH server of the CLI adds to it is nobody's work.
    await node.session(
      'printf \'%s\\n\' "# added by databricks ssh tunnel (X)" "if true; then" "  :" "fi" >> ~/.bashrc',
    );
    expect((await node.job('--save')).report.saved.state).toBe('nothing');
  });

  test('only what was asked for, and nothing that it does not know', async () => {
    expect((await node.job()).report).toEqual({ v: 1, check: null, saved: null, seeded: null });
    const wrong = await node.session(`python3 ${JOB} --sav`);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('--sav is no parameter of it');
    expect(wrong.stdout).toBe('');
  });

  test('a check that cannot be run is a check that failed, and the rest is done', async () => {
    const missing = reported(
      await node.session(
        `mkdir /tmp/away; rm ${COMMAND}; mv /opt/claude-workshop/bin/check-claude /tmp/away
         ${withContext(NO_CONTEXT, ['--check', '--save'])}`,
      ),
    );
    expect(missing.check).toMatchObject({
      v: 1,
      command: 'check-claude',
      ok: false,
      checks: [
        {
          id: 'check-claude',
          state: 'failed',
          said: 'check-claude could not be run: it is not on this cluster: the init script did not install it.',
        },
      ],
    });
    expect(missing.check.checks[0].next).toContain('restart the cluster');
    expect(missing.saved.state).toBe('nothing');
    const odd = async (text: string) =>
      reported(
        await node.session(
          `printf '%s\\n' '${text}' > ${COMMAND}
           sed 's/^CHECK_SECONDS = .*/CHECK_SECONDS = 1/' ${JOB} > /tmp/job.py; python3 /tmp/job.py --check`,
        ),
      ).check.checks[0].said as string;
    expect(await odd('echo oh no >&2; exit 3')).toBe(
      'check-claude could not be run: it ended with 3 and said nothing that can be read: oh no.',
    );
    // What it left in the background would hold the output open.
    expect(await odd('sleep 50 & sleep 50')).toBe('check-claude could not be run: it did not end within 1 s.');
    expect(await odd('echo "{\\"v\\": 2}"')).toContain('it is another check-claude than this job knows');
    await node.session(
      `rm -f ${COMMAND}; mv /tmp/away/check-claude /opt/claude-workshop/bin/
       ln -s /opt/claude-workshop/bin/check-claude ${COMMAND}`,
    );
  });

  test('a run without a token finds no fault with the cluster for it, and work is saved all the same', async () => {
    const env = { DATABRICKS_TOKEN: '', DATABRICKS_HOST: '' };
    for (const context of [NO_CONTEXT, 'return type("Context", (), {"apiToken": None, "workspaceUrl": None})()']) {
      const all = ['--check', '--deep', '--save', '--seed-cli', '1.14.0'];
      const { check, saved, seeded } = reported(await node.session(withContext(context, all), { env }));
      expect(check).toMatchObject({ ok: true, command: 'check-claude' });
      const found = (id: string) => (check.checks as Check[]).find((each) => each.id === id);
      const skipped = { state: 'skipped', said: 'not looked at: this run has no token of its own', next: '' };
      for (const id of ['token', 'endpoint', 'deep']) expect(found(id), id).toEqual({ id, ...skipped });
      expect(found('work')).toMatchObject({ state: 'ok' });
      expect(saved.state).toBe('nothing');
      expect(seeded).toEqual({
        state: 'failed',
        said: 'The databricks CLI 1.14.0 could not be prepared: this run knows no workspace, or has no token.',
      });
    }
  });

  test('a run without a token still finds what else is amiss, and takes a good token of the node', async () => {
    const without = `unset DATABRICKS_TOKEN; ${withContext(NO_CONTEXT, ['--check'])}`;
    const { check: broken } = reported(
      await node.session(
        `mv /etc/claude-code/managed-settings.json /tmp; unset DATABRICKS_HOST; ${without}
         mv /tmp/managed-settings.json /etc/claude-code/`,
      ),
    );
    expect(broken.ok).toBe(false);
    const failed = (broken.checks as Check[]).filter(({ state }) => state === 'failed');
    expect(failed.map(({ id }) => id)).toEqual(['config']);
    const { check: lent } = reported(await node.session(`sleep 20 & ${without}; kill %1`));
    const ofToken = (lent.checks as Check[]).filter(({ id }) => id === 'token' || id === 'endpoint');
    expect(ofToken.map(({ state }) => state)).toEqual(['ok', 'ok']);
  });

  test('the line is there in time, also where seeding does not come to an end', async () => {
    const job = withContext('return type("Context", (), {})()', ['--save', '--seed-cli', '1.14.0'], '/tmp/job.py');
    const stuck = await node.session(
      `mkdir -p /tmp/stuck/databricks-cli/1.14.0; mkfifo /tmp/stuck/databricks-cli/1.14.0/SHA256SUMS
       sed 's/^SEED_SECONDS = .*/SEED_SECONDS = 2/' ${JOB} > /tmp/job.py; ${job}`,
      { env: { WORKSHOP_SCRIPTS: '/tmp/stuck' } },
    );
    expect(reported(stuck)).toMatchObject({
      saved: { state: 'nothing' },
      seeded: { state: 'failed', said: 'The databricks CLI 1.14.0 could not be prepared: it did not end within 2 s.' },
    });
    const { stdout } = await node.session(
      `grep -hoP '^(CHECK|SAVE|SEED|PATIENCE)_SECONDS = \\K\\d+' ${JOB} ${LIB}/save-work ${LIB}/seed-cli`,
    );
    const [check = NaN, save = NaN, seed = NaN, saving = NaN, seeding = NaN] = stdout.trim().split('\n').map(Number);
    expect(check + save + seed).toBeLessThan(9 * 60);
    expect(saving).toBeLessThan(save);
    expect(seeding).toBeLessThan(seed);
  });

  test("no token comes out, and a job's token is nobody else's on the node", async () => {
    const { stdout, token } = await node.session(
      `env DATABRICKS_TOKEN=dapi-of-a-job-0123456789 WORKSHOP_JOB=1 sleep 20 & sleep 0.3
       ${LIB}/api-key | grep -c dapi-of-a-job; kill %1
       printf 'echo "$DATABRICKS_TOKEN"\\n' > /tmp/loud; rm ${COMMAND}; cp /tmp/loud ${COMMAND}
       python3 ${JOB} --check; ln -sf /opt/claude-workshop/bin/check-claude ${COMMAND}`,
    );
    expect(stdout.startsWith('0\n')).toBe(true);
    expect(stdout).toContain('said nothing that can be read: ***');
    expect(stdout).not.toContain(token);
  });
});

import { beforeAll, expect, test } from 'vitest';
import { ANN, BEN, getCluster } from '../sandbox/harness.ts';
import { describeOnRealNodes } from '../sandbox/nodes/on-real-nodes.ts';
import { reportIn, SCRIPTS, STAND_IN, standInBundle, workshopSandbox, type Launched, type Ran } from './workshop-node.ts';

const WORK = `/Workspace/Users/${ANN}/claude-workshop`;
const SAVED = `${WORK}/saved-from-cluster`;
const JOB = `${SCRIPTS}/jobs/as-attendee.py`;

/** Bash that runs the job with surroundings of one's own. @param context Python, the body of get_context */
const withContext = (context: string, ...parameters: string[]): string =>
  `mkdir -p /tmp/fake/dbruntime; printf '%s\\n' 'def get_context():' '    ${context}' > /tmp/fake/dbruntime/databricks_repl_context.py; PYTHONPATH=/tmp/fake python3 ${JOB} ${parameters.join(' ')}`;

// oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a job answered
const reported = ({ code, stdout, stderr }: Ran): any => {
  expect(code, stderr).toBe(0);
  return reportIn(stdout);
};

describeOnRealNodes("the job in an attendee's name", () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    expect(node.cluster.state).toBe('RUNNING');
  });
  const savedFiles = async (): Promise<string[]> => (await node.session(`cd ${SAVED} && find . -type f ! -name .saved.json | sort`)).stdout.trim().split('\n');
  const inWorkspace = async (path: string) => (await opened().admin('GET', `/api/2.0/workspace/export?direct_download=true&path=${encodeURIComponent(path.replace('/Workspace', ''))}`)).text;

  test('a cluster that nobody used: all is well, and there is nothing to save', async () => {
    const { report, logs } = await node.job('--check', '--save');
    expect(report).toMatchObject({ v: 1, check: { v: 1, command: 'check-claude', ok: true, person: ANN }, seeded: null });
    expect(report.check.checks.find(({ id }: { id: string }) => id === 'endpoint')).toMatchObject({ state: 'ok' });
    expect(report.saved).toEqual({ state: 'nothing', files: 0, bytes: 0, where: null, said: 'In /root there is nothing to save.' });
    expect(logs.trimEnd().split('\n').at(-1)).toMatch(/^workshop-job: \{"v": 1, /);
    // What the SSH server of the CLI adds to it is nobody's work.
    await node.session('printf \'%s\\n\' "# added by databricks ssh tunnel (X)" "if true; then" "  :" "fi" >> ~/.bashrc');
    expect((await node.job('--save')).report.saved.state).toBe('nothing');
  });

  test('only what was asked for, and nothing that it does not know', async () => {
    expect((await node.job()).report).toEqual({ v: 1, check: null, saved: null, seeded: null });
    const wrong = await node.session(`python3 ${JOB} --sav`);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('--sav is no parameter of it');
    expect(wrong.stdout).toBe('');
  });

  test('what a session leaves outside the work folder is saved when it ends, also when the line breaks', async () => {
    await node.session('bash -ic "echo one > ~/by-exit.txt; exit"; setsid bash -ic "echo two > ~/by-hangup.txt; kill -HUP \\$\\$; sleep 9"');
    const saved = await node.session(`for n in $(seq 100); do [ -e ${SAVED}/by-hangup.txt ] && [ -e ${SAVED}/by-exit.txt ] && break; sleep 0.1; done; cd ${SAVED} && cat by-exit.txt by-hangup.txt; rm -r ~/by-*.txt ${SAVED}`);
    expect(saved.stdout, saved.stderr).toBe('one\ntwo\n');
  });

  test('a check that cannot be run is a check that failed, and the rest is done', async () => {
    const missing = reported(await node.session(`mkdir /tmp/away; rm /usr/local/bin/check-claude; mv /opt/claude-workshop/bin/check-claude /tmp/away; ${withContext(`raise RuntimeError("nobody")`, '--check', '--save')}`));
    expect(missing.check).toMatchObject({ v: 1, command: 'check-claude', ok: false, checks: [{ id: 'check-claude', state: 'failed', said: 'check-claude could not be run: it is not on this cluster: the init script did not install it.' }] });
    expect(missing.check.checks[0].next).toContain('restart the cluster');
    expect(missing.saved.state).toBe('nothing');
    const odd = async (text: string) => reported(await node.session(`printf '%s\\n' '${text}' > /usr/local/bin/check-claude; sed 's/^CHECK_SECONDS = .*/CHECK_SECONDS = 1/' ${JOB} > /tmp/job.py; python3 /tmp/job.py --check`)).check.checks[0].said as string;
    expect(await odd('echo oh no >&2; exit 3')).toBe('check-claude could not be run: it ended with 3 and said nothing that can be read: oh no.');
    // What it left in the background would hold the output open.
    expect(await odd('sleep 50 & sleep 50')).toBe('check-claude could not be run: it did not end within 1 s.');
    expect(await odd('echo "{\\"v\\": 2}"')).toContain('it is another check-claude than this job knows');
    await node.session('rm -f /usr/local/bin/check-claude; mv /tmp/away/check-claude /opt/claude-workshop/bin/; ln -s /opt/claude-workshop/bin/check-claude /usr/local/bin/check-claude');
  });

  test('without a token the check says so, and work is saved all the same', async () => {
    const env = { DATABRICKS_TOKEN: '', DATABRICKS_HOST: '' };
    for (const context of ['raise RuntimeError("nobody")', 'return type("Context", (), {"apiToken": None, "workspaceUrl": None})()']) {
      const { check, saved, seeded } = reported(await node.session(withContext(context, '--check', '--save', '--seed-cli', '1.14.0'), { env }));
      expect(check.checks.find(({ id }: { id: string }) => id === 'token')).toMatchObject({ state: 'failed', said: 'there is no DATABRICKS_TOKEN in this session, and no other on this node' });
      expect(saved.state).toBe('nothing');
      expect(seeded).toEqual({ state: 'failed', said: 'The databricks CLI 1.14.0 could not be prepared: this run knows no workspace, or has no token.' });
    }
  });

  test("no token comes out, and a job's token is nobody else's on the node", async () => {
    const { stdout, token } = await node.session(
      `env DATABRICKS_TOKEN=dapi-of-a-job-0123456789 WORKSHOP_JOB=1 sleep 20 & sleep 0.3; /opt/claude-workshop/lib/api-key | grep -c dapi-of-a-job; kill %1
printf 'echo "$DATABRICKS_TOKEN"\\n' > /tmp/loud; rm /usr/local/bin/check-claude; cp /tmp/loud /usr/local/bin/check-claude; python3 ${JOB} --check; ln -sf /opt/claude-workshop/bin/check-claude /usr/local/bin/check-claude`,
    );
    expect(stdout.startsWith('0\n')).toBe(true);
    expect(stdout).toContain('said nothing that can be read: ***');
    expect(stdout).not.toContain(token);
  });

  test('work is saved: not what is made anew, not what may hold keys, not what a link leads to, not what is too large', async () => {
    await node.session(`cd ~
mkdir -p app/.venv/bin app/node_modules/x app/__pycache__ mine/bin .cache .ssh .config/gh big .claude/commands .claude/projects
echo 'print(1)' > app/app.py; echo x | tee app/.venv/bin/python app/node_modules/x/i.js app/__pycache__/a.pyc mine/pyvenv.cfg mine/bin/python .cache/c .config/gh/hosts.yml .claude/projects/p.jsonl >/dev/null
echo ask > .claude/commands/ask.md; printf 'a b' > 'app/with space ü.txt'
echo secret | tee .ssh/id_ed25519 .netrc .databrickscfg app/.env >/dev/null; echo "t = '$DATABRICKS_TOKEN'" > app/notes.py; echo 'url = https://ann:hunter22@git.example/x' > app/config
ln -s /etc etc; ln -s app/app.py app/also.py; ln -s /local_disk0/data data; mkfifo app/pipe; truncate -s 300M big/data.bin`);
    const { report, logs } = await node.job('--save');
    expect(report.saved).toMatchObject({ state: 'saved', files: 3, bytes: 16, where: SAVED });
    expect(report.saved.said).toContain(`3 files of the cluster's own disk (16 bytes) are in ${SAVED}; left out: big/data.bin is larger than 50 MB (315 MB), `);
    expect(await savedFiles()).toEqual(['./.claude/commands/ask.md', './app/app.py', './app/with space ü.txt']);
    expect(await inWorkspace(`${SAVED}/app/app.py`)).toBe('print(1)\n');
    const { stdout } = await node.session('save-work --json');
    expect((JSON.parse(stdout) as { left: { path: string; why: string }[] }).left.map(({ path, why }) => `${path} ${why}`).sort()).toEqual([
      '.databrickscfg may hold keys', '.netrc may hold keys', '.ssh may hold keys', 'app/.env may hold keys', 'app/config has a key or a token in it', 'app/notes.py has a key or a token in it',
      'big/data.bin is larger than 50 MB (315 MB)', 'data is a link to /local_disk0/data', 'etc is a link to /etc',
    ]);
    expect(logs).not.toMatch(/secret|hunter22/);
  });

  test('what was saved stays: the same again costs nothing, what changed is saved beside it, limits are said', async () => {
    const before = await node.session(`stat -c '%Y %i' ${SAVED}/app/app.py; save-work >/dev/null; stat -c '%Y %i' ${SAVED}/app/app.py`);
    expect(new Set(before.stdout.trim().split('\n')).size).toBe(1);
    await node.session(`rm -r ~/big; echo 'print(2)' > ~/app/app.py; : > '/root/app/with space ü.txt'`);
    expect((await node.job('--save')).report.saved).toMatchObject({ state: 'saved', files: 3, bytes: 13 });
    expect(await savedFiles()).toEqual(['./.claude/commands/ask.md', './app/app.py', './app/app.py.1', './app/with space ü.txt', './app/with space ü.txt.1']);
    const [now, older, kept] = await Promise.all(['app.py', 'app.py.1', 'with space ü.txt.1'].map((name) => inWorkspace(`${SAVED}/app/${name}`)));
    expect([now, older, kept]).toEqual(['print(2)\n', 'print(1)\n', 'a b']);
    const little = await node.session('head -c 1500000 /dev/zero | tee ~/one > ~/two; save-work --most 2');
    expect(little.stdout).toContain('; left out: two is beyond the 2.0 MB and 5000 files that are saved, ');
    expect((await node.session('rm ~/one ~/two; save-work --largest')).stderr).toContain('--largest needs a number of megabytes');
  });

  test('a second run of the init script takes nobody\'s work for what was there before', async () => {
    const { stdout } = await node.session(`env -i PATH="$PATH" HOME=/root WORKSHOP_SCRIPTS=${SCRIPTS} WORKSHOP_CLAUDE_VERSION=${STAND_IN} WORKSHOP_HOST="$DATABRICKS_HOST" WORKSHOP_USER=${ANN} bash ${SCRIPTS}/install-claude-code.sh >/dev/null; save-work`);
    expect(stdout).toContain(`3 files of the cluster's own disk (13 bytes) are in ${SAVED}`);
  });

  test('a repository is packed, for the workspace takes no .git', async () => {
    const make = 'mkdir ~/repo && cd ~/repo && git init -q . && git config user.name Ann && git config user.email ann@example.com && echo one > a.txt && git add . && git commit -qm first && git remote add origin https://ann:hunter22@git.example/x';
    const { stdout } = await node.session(`${make} && save-work && git status --short && save-work && cd ${SAVED}/repo && ls -A && mkdir /tmp/back && cp * /tmp/back && cd /tmp/back && tar -xzf git.tar.gz && git log --format=%s && git reset -q && git status --short; rm -rf ~/repo ${SAVED}/repo`);
    expect(stdout).toMatch(/^ {2}repo\/\.git\/config has a key or a token in it$/m);
    expect(stdout).toMatch(/\na\.txt\ngit\.tar\.gz\nfirst\n\?\? git\.tar\.gz\n$/);
    expect(stdout).not.toContain('hunter22');
  });

  test('a folder ~/workshop on local disk is saved, too', async () => {
    const { stdout } = await node.session('rm ~/workshop; mkdir ~/workshop; echo notes > ~/workshop/notes; save-work; rm -r ~/workshop; /opt/claude-workshop/lib/work-folder');
    expect(stdout).toContain(`4 files of the cluster's own disk (19 bytes) are in ${SAVED}`);
    expect(await inWorkspace(`${SAVED}/workshop/notes`)).toBe('notes\n');
  });

  test('what cannot be written is said, with the reason, and half a file is not left', async () => {
    const full = await node.session('head -c 5000 /dev/zero > ~/app/five; bash -c "ulimit -f 2; exec save-work --json"');
    expect(full.code).toBe(1);
    expect(JSON.parse(full.stdout)).toMatchObject({ state: 'failed', files: 3, where: SAVED });
    expect(full.stdout).toContain('Not saved: app/five cannot be written: File too large'.replace('Not', 'not'));
    expect(await savedFiles()).not.toContain('./app/five');
    const blocked = await node.session(`mv ${WORK} ${WORK}-away; : > ${WORK}; save-work; rm ${WORK}; mv ${WORK}-away ${WORK}`);
    expect(blocked.stdout).toMatch(/^Not saved: app\/with space ü\.txt cannot be written: (Not a directory|File exists), /);
    const nowhere = await node.session(`python3 ${JOB} --save`, { env: { WORKSHOP_USER: BEN } });
    expect(reported(nowhere).saved).toEqual({ state: 'failed', files: 0, bytes: 0, where: null, said: `/Workspace/Users/${BEN} is not there, so there is nowhere to save to.` });
    await node.session('rm ~/app/five');
  });

  test('sleep, a replacement and teardown: nothing is on the new disk, and everything in the workspace', async () => {
    const { admin, launch } = opened();
    const before = await savedFiles();
    const state = async () => (await getCluster(admin, node.id)).state as string;
    await admin('POST', '/api/2.1/clusters/delete', { cluster_id: node.id });
    await expect.poll(state, { timeout: 20_000 }).toBe('TERMINATED');
    await admin('POST', '/api/2.1/clusters/start', { cluster_id: node.id });
    await expect.poll(state, { timeout: 20_000 }).toBe('RUNNING');
    expect((await node.session('ls ~')).stdout).toBe('workshop\n');
    expect((await node.job('--save')).report.saved.state).toBe('nothing');
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: node.id });
    node = await launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    // Another file of the same name does not take the place of the first.
    await node.session('mkdir ~/app; echo other > ~/app/app.py');
    expect((await node.job('--save')).report.saved).toMatchObject({ state: 'saved', files: 1 });
    await admin('POST', '/api/2.1/clusters/permanent-delete', { cluster_id: node.id });
    expect(await inWorkspace(`${SAVED}/app/app.py`)).toBe('other\n');
    expect(await inWorkspace(`${SAVED}/app/app.py.2`)).toBe('print(2)\n');
    for (const path of before.filter((each) => each !== './app/app.py')) expect(await inWorkspace(`${SAVED}/${path.slice(2)}`), path).not.toContain('RESOURCE_DOES_NOT_EXIST');
  });
});

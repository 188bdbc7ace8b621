import { beforeAll, expect, test } from 'vitest';
import { ANN, BEN, getCluster } from '../../../sandbox/test/harness.ts';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import { JOB, LIB, reported, SAVED, WORK } from '../attendee-job.ts';
import { SCRIPTS, STAND_IN, standInBundle, workshopSandbox, type Launched } from '../workshop-node.ts';

interface Left {
  readonly path: string;
  readonly why: string;
}

describeOnRealNodes('work is saved to the workspace', () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    expect(node.cluster.state).toBe('RUNNING');
  });
  const savedFiles = async (): Promise<string[]> =>
    (await node.session(`cd ${SAVED} && find . -type f ! -name .saved.json | sort`)).stdout.trim().split('\n');
  const inWorkspace = async (path: string) =>
    (
      await opened().admin(
        'GET',
        `/api/2.0/workspace/export?direct_download=true&path=${encodeURIComponent(path.replace('/Workspace', ''))}`,
      )
    ).text;

  test('what a session leaves outside the work folder is saved when it ends, also when the line breaks', async () => {
    await node.session(
      `bash -ic "echo one > ~/by-exit.txt; exit"
       setsid bash -ic "echo two > ~/by-hangup.txt; kill -HUP \\$\\$; sleep 9"`,
    );
    const saved = await node.session(
      `for n in $(seq 100); do
         [ -e ${SAVED}/by-hangup.txt ] && [ -e ${SAVED}/by-exit.txt ] && break
         sleep 0.1
       done
       cd ${SAVED} && cat by-exit.txt by-hangup.txt; rm -r ~/by-*.txt ${SAVED}`,
    );
    expect(saved.stdout, saved.stderr).toBe('one\ntwo\n');
  });

  test('~/workshop is kept only where it leads to a folder of the workspace', async () => {
    const kept = async (instead: string) =>
      reported(
        await node.session(`rm ~/workshop; ${instead}; python3 ${JOB} --save; rm -r ~/workshop; ${LIB}/work-folder`),
      ).saved;
    for (const instead of [
      'mkdir ~/workshop',
      'ln -s /tmp ~/workshop',
      `ln -s ${WORK}/never-made ~/workshop`,
      `ln -s /Workspace/Users/${BEN} ~/workshop`,
      `ln -s /Workspace/Users/${ANN} ~/workshop`,
    ]) {
      expect(await kept(instead), instead).toMatchObject({
        state: 'nothing',
        kept: false,
        said: expect.stringContaining(
          '; /root/workshop does not lead to a folder in the workspace (check-claude says more).',
        ) as string,
      });
    }
    expect(await kept(`ln -s ${WORK} ~/workshop`)).toMatchObject({ state: 'nothing', kept: true });
    // One of before, which says nothing of it.
    const older = await node.session(
      `cp -r /opt/claude-workshop /tmp/older; sed -i 's/"kept": [^,]*,//' /tmp/older/lib/save-work
       sed 's/^TOOLS = .*/TOOLS = "\\/tmp\\/older"/' ${JOB} > /tmp/job.py; python3 /tmp/job.py --save`,
    );
    expect(reported(older).saved).toMatchObject({ state: 'nothing', kept: false });
  });

  test('not what is made again, not what may hold keys, not what a link leads to, not what is too large', async () => {
    await node.session(`cd ~
      mkdir -p app/.venv/bin app/node_modules/x app/__pycache__ mine/bin .cache .ssh .config/gh big
      mkdir -p .claude/commands .claude/projects
      echo x | tee app/.venv/bin/python app/node_modules/x/i.js app/__pycache__/a.pyc mine/pyvenv.cfg mine/bin/python \\
        .cache/c .config/gh/hosts.yml .claude/projects/p.jsonl >/dev/null
      echo 'print(1)' > app/app.py; echo ask > .claude/commands/ask.md; printf 'a b' > 'app/with space ü.txt'
      echo secret | tee .ssh/id_ed25519 .netrc .databrickscfg app/.env >/dev/null
      echo "t = '$DATABRICKS_TOKEN'" > app/notes.py; echo 'url = https://ann:hunter22@git.example/x' > app/config
      ln -s /etc etc; ln -s /local_disk0/data data
      mkfifo app/pipe; truncate -s 300M big/data.bin`);
    const { report, logs } = await node.job('--save');
    expect(report.saved).toMatchObject({ state: 'saved', files: 3, bytes: 16, where: SAVED, left: 9 });
    expect(report.saved.said).toContain(
      `3 files of the cluster's own disk (16 bytes) are in ${SAVED}; ` +
        'left out: big/data.bin is larger than 50 MB (315 MB), ',
    );
    expect(await savedFiles()).toEqual(['./.claude/commands/ask.md', './app/app.py', './app/with space ü.txt']);
    expect(await inWorkspace(`${SAVED}/app/app.py`)).toBe('print(1)\n');
    const { stdout } = await node.session('save-work --json');
    expect((JSON.parse(stdout) as { left: Left[] }).left.map(({ path, why }) => `${path} ${why}`).sort()).toEqual([
      '.databrickscfg may hold keys',
      '.netrc may hold keys',
      '.ssh may hold keys',
      'app/.env may hold keys',
      'app/config has a key or a token in it',
      'app/notes.py has a key or a token in it',
      'big/data.bin is larger than 50 MB (315 MB)',
      'data is a link to /local_disk0/data',
      'etc is a link to /etc',
    ]);
    expect(logs).not.toMatch(/secret|hunter22/);
  });

  test('what was saved stays: the same again costs nothing, what changed is saved beside it', async () => {
    const before = await node.session(
      `stat -c '%Y %i' ${SAVED}/app/app.py; save-work >/dev/null; stat -c '%Y %i' ${SAVED}/app/app.py`,
    );
    expect(new Set(before.stdout.trim().split('\n')).size).toBe(1);
    await node.session(`rm -r ~/big; echo 'print(2)' > ~/app/app.py; : > '/root/app/with space ü.txt'`);
    expect((await node.job('--save')).report.saved).toMatchObject({ state: 'saved', files: 3, bytes: 13 });
    expect(await savedFiles()).toEqual([
      './.claude/commands/ask.md',
      './app/app.py',
      './app/app.py.1',
      './app/with space ü.txt',
      './app/with space ü.txt.1',
    ]);
    const [now, older, kept] = await Promise.all(
      ['app.py', 'app.py.1', 'with space ü.txt.1'].map((name) => inWorkspace(`${SAVED}/app/${name}`)),
    );
    expect([now, older, kept]).toEqual(['print(2)\n', 'print(1)\n', 'a b']);
    const little = await node.session('head -c 1500000 /dev/zero | tee ~/one > ~/two; save-work --most 2');
    expect(little.stdout).toContain('; left out: two is beyond the 2.0 MB and 5000 files that are saved, ');
    expect((await node.session('rm ~/one ~/two; save-work --largest')).stderr).toContain(
      '--largest needs a number of megabytes',
    );
  });

  test("a second run of the init script takes nobody's work for what was there before", async () => {
    const { stdout } = await node.session(
      `env -i PATH="$PATH" HOME=/root WORKSHOP_SCRIPTS=${SCRIPTS} WORKSHOP_CLAUDE_VERSION=${STAND_IN} \\
         WORKSHOP_HOST="$DATABRICKS_HOST" WORKSHOP_USER=${ANN} bash ${SCRIPTS}/install-claude-code.sh >/dev/null
       save-work`,
    );
    expect(stdout).toContain(`3 files of the cluster's own disk (13 bytes) are in ${SAVED}`);
  });

  test('a repository is packed, for the workspace takes no .git', async () => {
    const { stdout } = await node.session(
      `mkdir ~/repo && cd ~/repo && git init -q . &&
         git config user.name Ann && git config user.email ann@example.com &&
         echo one > a.txt && git add . && git commit -qm first &&
         git remote add origin https://ann:hunter22@git.example/x &&
         save-work && git status --short && save-work && cd ${SAVED}/repo && ls -A &&
         mkdir /tmp/back && cp * /tmp/back && cd /tmp/back && tar -xzf git.tar.gz && git log --format=%s &&
         git reset -q && git status --short
       rm -rf ~/repo ${SAVED}/repo`,
    );
    expect(stdout).toMatch(/^ {2}repo\/\.git\/config has a key or a token in it$/m);
    expect(stdout).toMatch(/\na\.txt\ngit\.tar\.gz\nfirst\n\?\? git\.tar\.gz\n$/);
    expect(stdout).not.toContain('hunter22');
  });

  test('a .git that is a file leads elsewhere: it is left out, and said', async () => {
    const { stdout } = await node.session(
      `mkdir ~/tree; echo 'gitdir: /root/repo/.git/worktrees/tree' > ~/tree/.git; echo one > ~/tree/a.txt
       save-work --json; cd ${SAVED}/tree && ls -A; rm -r ~/tree ${SAVED}/tree`,
    );
    const [said = '', ...there] = stdout.trim().split('\n');
    expect(there).toEqual(['a.txt']);
    expect((JSON.parse(said) as { left: unknown[] }).left).toContainEqual({
      path: 'tree/.git',
      why: 'only points to a repository elsewhere (a worktree or a submodule)',
    });
  });

  test('a virtual environment made inside of a project hides nothing of the project', async () => {
    const { stdout } = await node.session(`
      mkdir -p ~/project/src ~/pure; cd ~/project; echo mine > src/app.py; echo '*.log' > .gitignore
      for each in . ../pure; do
        mkdir -p $each/bin $each/lib/python3/site-packages $each/include $each/share $each/etc; ln -s lib $each/lib64
        echo x | tee $each/pyvenv.cfg $each/bin/python $each/lib/python3/site-packages/x.py $each/share/x $each/etc/x
      done >/dev/null
      echo '# Created by venv; see https://docs.python.org/3/library/venv.html' > ../pure/.gitignore
      save-work --json; cd ${SAVED}; find project pure -type f | sort; rm -r ~/project ~/pure project`);
    const [said = '', ...there] = stdout.trim().split('\n');
    expect(there).toEqual(['project/.gitignore', 'project/src/app.py']);
    const { left } = JSON.parse(said) as { left: Left[] };
    expect(left.filter(({ path }) => path.startsWith('p'))).toEqual([
      {
        path: 'project',
        why: 'is a virtual environment, too, and goes without its bin, etc, include, lib, lib64, pyvenv.cfg, share',
      },
    ]);
  });

  test('several at once save everything once, and one that waits too long says so', async () => {
    const { stdout } = await node.session(`
      mkdir -p ~/many; cd ~/many; for n in $(seq 120); do echo "$n" > file-$n.txt; done
      for n in $(seq 6); do save-work --json > /tmp/at-once-$n & done; wait; cat /tmp/at-once-*
      cd ${SAVED}/many; ls | wc -l; for n in $(seq 120); do cmp file-$n.txt ~/many/file-$n.txt; done
      save-work --json | head -c 400; rm -r ~/many ${SAVED}/many`);
    const lines = stdout.trim().split('\n');
    for (const line of lines.slice(0, 6)) expect(JSON.parse(line)).toMatchObject({ state: 'partly', files: 123 });
    expect(lines[6]).toBe('120');
    expect(lines[7]).toContain('"state": "partly"');
    expect(lines).toHaveLength(8);
    const late = await node.session(
      `sed 's/^PATIENCE_SECONDS = .*/PATIENCE_SECONDS = 1/' ${LIB}/save-work > /tmp/save-work
       PYTHONPATH=${LIB} flock ~ python3 /tmp/save-work`,
    );
    expect(late).toMatchObject({
      code: 1,
      stdout: 'Another save-work did not end within 1 s, so this one saved nothing. Type: save-work\n',
    });
  });

  test('a folder ~/workshop on local disk is saved, too', async () => {
    const { stdout } = await node.session(
      `rm ~/workshop; mkdir ~/workshop; echo notes > ~/workshop/notes; save-work; rm -r ~/workshop; ${LIB}/work-folder`,
    );
    expect(stdout).toContain(`4 files of the cluster's own disk (19 bytes) are in ${SAVED}`);
    expect(await inWorkspace(`${SAVED}/workshop/notes`)).toBe('notes\n');
  });

  test('what cannot be written is said, with the reason, and half a file is not left', async () => {
    const full = await node.session(
      'head -c 5000 /dev/zero > ~/app/five; bash -c "ulimit -f 2; exec save-work --json"',
    );
    expect(full.code).toBe(1);
    expect(JSON.parse(full.stdout)).toMatchObject({ state: 'failed', files: 3, where: SAVED });
    expect(full.stdout).toContain('Not saved: app/five cannot be written: File too large'.replace('Not', 'not'));
    expect(await savedFiles()).not.toContain('./app/five');
    const blocked = await node.session(
      `mv ${WORK} ${WORK}-away; : > ${WORK}; save-work; rm ${WORK}; mv ${WORK}-away ${WORK}`,
    );
    expect(blocked.stdout).toMatch(
      /^Not saved: app\/with space ü\.txt cannot be written: (Not a directory|File exists), /,
    );
    const nowhere = await node.session(`python3 ${JOB} --save`, { env: { WORKSHOP_USER: BEN } });
    expect(reported(nowhere).saved).toEqual({
      state: 'failed',
      files: 0,
      bytes: 0,
      where: null,
      kept: false,
      left: 0,
      said: `/Workspace/Users/${BEN} is not there, so there is nowhere to save to.`,
    });
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
    for (const path of before.filter((each) => each !== './app/app.py'))
      expect(await inWorkspace(`${SAVED}/${path.slice(2)}`), path).not.toContain('RESOURCE_DOES_NOT_EXIST');
  });
});

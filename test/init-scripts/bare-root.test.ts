import { expect, test } from 'vitest';
import { BUNDLE, PINNED_CLAUDE_CODE } from '../../src/domain/replayed/made/claude-code.ts';
import { describeOnRealNodes } from '../../sandbox/test/nodes/on-real-nodes.ts';
import { onBareRoot } from './bare-root.ts';
import { describeWithClaudeCode, SCRIPTS, STAND_IN, standInBundle, wholeBundle } from './workshop-node.ts';

const INSTALL = `bash ${SCRIPTS}/install-claude-code.sh`;
const env = { WORKSHOP_CLAUDE_VERSION: STAND_IN };
/** Waiting is not what is tried here. */
const programs = { sleep: '#!/bin/sh\n' };

describeOnRealNodes('on a root with nothing but what every Debian has', () => {
  test('the script installs, without a variable of Databricks, HOME, python, curl and git', async () => {
    const { code, stdout, stderr } = await onBareRoot(
      await standInBundle(),
      `${INSTALL} && claude --version && ls /usr/local/bin && cat /root/.bashrc`,
      { env },
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`${STAND_IN} (Claude Code)\ncheck-claude\nclaude\n`);
    expect(stdout).toContain('work folder: left out');
    expect(stderr).toBe('');
  });

  test('the commands say what is missing, and none stumbles', async () => {
    const { stdout, stderr } = await onBareRoot(
      await standInBundle(),
      `${INSTALL} >/dev/null &&
         for each in check-claude claude-token-status claude-refresh-token claude-debug claude-vscode-setup \\
           claude-vscode-env claude-vscode-check claude-tracing-enable exercise-check save-work; do
           echo "# $each"; $each; echo "# exit $?"
         done`,
      {
        env: {
          ...env,
          DATABRICKS_HOST: 'https://example.cloud.databricks.com',
          DATABRICKS_TOKEN: 'dapi-secret-0123456789',
        },
      },
    );
    const [, typed = ''] =
      /^FAIL {2}token +the workspace does not answer: curl is missing\n +-> (.*)$/m.exec(stdout) ?? [];
    expect(typed).toBe('apt-get update && apt-get install -y curl');
    expect(stdout).toMatch(/^FAIL {2}python +no Python was found$/m);
    expect(stdout).toMatch(/^warn {2}git +there is no git/m);
    expect(stdout.match(/^# exit \d+$/gm)).toEqual(
      ['1', '3', '3', '0', '0', '1', '1', '1', '1', '1'].map((status) => `# exit ${status}`),
    );
    expect(stderr).not.toMatch(/line \d+:|unbound variable|command not found/);
    expect(stdout + stderr).not.toContain('dapi-secret-0123456789');
  });

  test('a volume that is not there is waited for, and then named', async () => {
    const { code, stderr, stdout } = await onBareRoot(await standInBundle(), INSTALL, {
      programs,
      env: { ...env, WORKSHOP_SCRIPTS: '/Volumes/main/default/nothing' },
    });
    expect(stdout).toContain('waiting for /Volumes/main/default/nothing');
    expect(stderr).toContain('The volume folder /Volumes/main/default/nothing is not there');
    expect(code).toBe(20);
  });

  test('a disk that is full before, and one that fills', async () => {
    const before = await onBareRoot(await standInBundle(), INSTALL, { env, opt: 50 });
    expect(before).toMatchObject({ code: 22 });
    expect(before.stderr).toMatch(/^The disk of this node is full: \d+ MiB are free on \/opt/);
    // Room for what is asked for, and then somebody else takes it.
    const meanwhile = `sed 's/^needed_kib=.*/needed_kib=1/' ${SCRIPTS}/install-claude-code.sh >/tmp/it.sh
      head -c 49000000 /dev/zero >/opt/other; bash /tmp/it.sh`;
    const big = await standInBundle(
      `: ${Array.from({ length: 3_000_000 }, (_, index) => Math.imul(index, 2_654_435_761).toString(36)).join('')}`,
    );
    const filled = await onBareRoot(big, `${meanwhile}; echo "exit $?"; ls /opt`, { env, opt: 50 });
    expect(filled.stderr).toContain('The disk of this node is full');
    expect(filled.stdout).toMatch(/exit 22\nclaude-workshop\nother\n$/);
  });

  test('npm only where the plan allows it, and never without the right checksum', async () => {
    const without = (await standInBundle()).filter(({ name }) => !name.startsWith('claude-code/'));
    const curl =
      '#!/bin/bash\necho "$*" >>/tmp/asked\nwhile [ "$1" != -o ]; do shift; done\necho what a stranger serves >"$2"\n';
    const pinned = { WORKSHOP_CLAUDE_VERSION: PINNED_CLAUDE_CODE.version };
    const forbidden = await onBareRoot(without, `${INSTALL}; echo "exit $?"; cat /tmp/asked`, {
      programs: { ...programs, curl },
      env: pinned,
    });
    expect(forbidden.stdout).toMatch(/exit 20\n$/);
    const served = await onBareRoot(without, `${INSTALL}; echo "exit $?"; cat /tmp/asked; ls /opt/claude-code`, {
      programs: { ...programs, curl },
      env: { ...pinned, WORKSHOP_NPM_REGISTRY: 'https://registry.npmjs.org/' },
    });
    const [exit, asked, nothing] = served.stdout.slice(served.stdout.indexOf('exit ')).split('\n');
    const name = 'claude-code-linux-x64';
    expect([exit, nothing]).toEqual(['exit 21', '']);
    expect(asked?.split(' ').at(-1)).toBe(
      `https://registry.npmjs.org/@anthropic-ai/${name}/-/${name}-${PINNED_CLAUDE_CODE.version}.tgz`,
    );
    const silent = await onBareRoot(without, `${INSTALL}; echo "exit $?"`, {
      programs: { ...programs, curl: '#!/bin/sh\nexit 28\n' },
      env: { ...pinned, WORKSHOP_NPM_REGISTRY: 'https://registry.npmjs.org' },
    });
    expect(silent.stdout).toMatch(/exit 20\n$/);
    expect(silent.stderr).toContain('It could not be fetched from https://registry.npmjs.org either.');
  });
});

describeWithClaudeCode('Claude Code from npm on a bare root', () => {
  test('starts, from the registry that the plan allows', async () => {
    const bundle = await wholeBundle();
    const archive = `${BUNDLE.claudeCode(PINNED_CLAUDE_CODE.version)}/${BUNDLE.archive(PINNED_CLAUDE_CODE.version)}`;
    const moved = bundle.map((file) => (file.name === archive ? { ...file, name: 'as-npm-serves-it' } : file));
    const curl = `#!/bin/bash\nwhile [ "$1" != -o ]; do shift; done\ncp ${SCRIPTS}/as-npm-serves-it "$2"\n`;
    const { code, stdout, stderr } = await onBareRoot(moved, `${INSTALL} && claude --version`, {
      programs: { curl },
      env: { WORKSHOP_NPM_REGISTRY: 'https://registry.npmjs.org' },
    });
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/fetching https:\/\/registry\.npmjs\.org\/.*\n[^]*2\.1\.197 \(Claude Code\)\n$/);
  });
});

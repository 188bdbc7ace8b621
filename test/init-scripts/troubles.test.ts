import { beforeAll, expect, test } from 'vitest';
import { ANN, clientOf } from '../../sandbox/test/harness.ts';
import { describeOnRealNodes } from '../../sandbox/test/nodes/on-real-nodes.ts';
import { SCRIPTS, STAND_IN, standInBundle, workshopSandbox, type Launched, type Ran } from './workshop-node.ts';

const MESSAGES = 'POST /serving-endpoints/anthropic/v1/messages';

/** That a check says this, and what to type next. */
const expectLine = (stdout: string, line: RegExp, next: string): void => {
  expect(stdout).toMatch(line);
  expect(stdout.slice(stdout.search(line)).split('\n')[1]?.trim()).toBe(`-> ${next}`);
};
const expectRefusal = ({ code, stdout }: Ran, line: RegExp, next: string): void => {
  expectLine(stdout, line, next);
  expect(code).toBe(1);
};

describeOnRealNodes("the guide's troubles on the cluster, and what the commands say", () => {
  const opened = workshopSandbox(standInBundle);
  let node: Launched;
  beforeAll(async () => {
    node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    expect(node.cluster.state).toBe('RUNNING');
  });
  const newToken = async (): Promise<string> =>
    (await clientOf(opened().sandbox, undefined)('POST', '/__sandbox/tokens', { user_name: ANN })).json.token as string;

  test('claude: command not found, because of the PATH or because the script failed', async () => {
    const lost = await node.session('PATH=/usr/bin:/bin /usr/local/bin/check-claude');
    expectRefusal(lost, /^FAIL {2}claude +\/usr\/local\/bin is not on the PATH of this shell$/m, '. ~/.bashrc');
    expect((await node.session('PATH=/usr/bin:/bin; . ~/.bashrc; command -v claude')).stdout).toBe(
      '/usr/local/bin/claude\n',
    );
    const gone = await node.session('mv /usr/local/bin/claude /tmp/; check-claude; mv /tmp/claude /usr/local/bin/');
    expectLine(
      gone.stdout,
      /^FAIL {2}claude +claude: command not found; it was there, and is gone$/m,
      `ln -sfn /opt/claude-code/${STAND_IN}/claude /usr/local/bin/claude`,
    );
    const program = `/opt/claude-code/${STAND_IN}/claude`;
    const damaged = await node.session(
      `cp ${program} /tmp/kept; echo 'exit 4' > ${program}; check-claude; cp /tmp/kept ${program}`,
    );
    expect(damaged.stdout).toMatch(
      /^FAIL {2}version +claude does not start: it ends without a word\n +-> save-work, then restart the cluster/m,
    );
    const never = await node.session(
      `mv /usr/local/bin/claude /opt/claude-code /tmp/
       cp /tmp/init-script-claude.log /tmp/log; echo x > /tmp/init-script-claude.log; check-claude
       cp /tmp/log /tmp/init-script-claude.log; mv /tmp/claude /usr/local/bin/; mv /tmp/claude-code /opt/`,
    );
    expectLine(
      never.stdout,
      /^FAIL {2}claude +claude: command not found; the init script did not install it$/m,
      'cat /tmp/init-script-claude.log',
    );
  });

  test('a newest token that the workspace refuses does not keep Claude Code from the good one', async () => {
    const bad = 'dapi00000000000000000000000000000000';
    const key = await node.session(
      `DATABRICKS_TOKEN=${bad} bash -c 'sleep 20 & DATABRICKS_TOKEN=${bad} exec -a newest sleep 20' &
       sleep 1; /opt/claude-workshop/lib/api-key`,
    );
    expect(key.stdout).toBe(`${key.token}\n`);
  });

  test('no token', async () => {
    const env = { DATABRICKS_TOKEN: '' };
    const checked = await node.session('check-claude', { env });
    expectRefusal(checked, /^FAIL {2}token +there is no DATABRICKS_TOKEN in this session/m, 'claude-refresh-token');
    // The checks that need none follow all the same.
    expect(checked.stdout).toMatch(/^skip {2}clock .*\n[^]*^ok {4}work /m);
    expect(checked.stderr).toBe('');
    const status = await node.session('claude-token-status', { env });
    expectRefusal(status, /^FAIL {2}token +there is no Databricks token/m, 'claude-refresh-token');
    const refreshed = await node.session('claude-refresh-token', { env });
    expectRefusal(
      refreshed,
      /^FAIL {2}token +there is no token on this node/m,
      'claude-refresh-token --reconnect      ' +
        '(ends your connections; connect again, and the new session has a new token)',
    );
    expect(refreshed.stdout).toContain('--paste');
    expect(await node.session('/opt/claude-workshop/lib/api-key', { env })).toMatchObject({ code: 1, stdout: '' });
  });

  test('an expired token, and how to get out: a newer one of the node, or one that is pasted', async () => {
    const env = { DATABRICKS_TOKEN: 'dapi-expired-0123456789' };
    const checked = await node.session('check-claude', { env });
    expectRefusal(
      checked,
      /^FAIL {2}token +the workspace does not accept the token \(HTTP 401, held for/m,
      'claude-refresh-token',
    );
    expect(checked.stdout).toContain('skip  endpoint');
    expectRefusal(
      await node.session('claude-token-status', { env }),
      /^FAIL {2}accepted +no: http:\S+ answers HTTP 401/m,
      'claude-refresh-token',
    );
    expect((await node.session('claude-refresh-token', { env })).stdout).toContain(
      'the workspace refuses every token of this node (1 tried): they have expired',
    );

    const pasted = await newToken();
    const good = await node.session(
      `printf '%s\\n' '${pasted}' | claude-refresh-token --paste && check-claude && /opt/claude-workshop/lib/api-key`,
      { env },
    );
    expect(good).toMatchObject({ code: 0 });
    expect(good.stdout.trimEnd().split('\n').at(-1)).toBe(pasted);
    const other = await node.session(
      `stat -c %a /run/claude-workshop/pasted
       echo refused-by-all | claude-refresh-token --paste; rm -r /run/claude-workshop`,
      { env },
    );
    expect(other.stdout).toMatch(/^600\nFAIL {2}pasted/);
  });

  test('a token that expires inside a running session: the newest of the node is taken', async () => {
    const [old, fresh] = [await newToken(), await newToken()];
    // What Claude Code asks, again and again, in a session that began before the SSH server was started anew.
    const ran = await node.session(
      `ask() { [ "$(/opt/claude-workshop/lib/api-key)" = "$1" ] && echo yes || echo no; }
ask '${old}'
sleep 1.1; env DATABRICKS_TOKEN='${fresh}' bash -c 'exec -a "/x/databricks ssh server" sleep 60' & sleep 0.3
ask '${fresh}'
claude-token-status; claude-refresh-token; kill %1`,
      { env: { DATABRICKS_TOKEN: old } },
    );
    expect(ran.stdout).toMatch(/^yes\nyes\n/);
    expect(ran.stdout).toContain('ok    source     the SSH server of this node, held for');
    expect(ran.stdout).toContain(
      "ok    session    this session's own DATABRICKS_TOKEN is older; Claude Code uses the newer one",
    );
    expectLine(
      ran.stdout,
      /^warn {2}session +this shell's own DATABRICKS_TOKEN is an older one/m,
      'export DATABRICKS_TOKEN="$(/opt/claude-workshop/bin/../lib/api-key)"',
    );
    for (const secret of [old, fresh]) expect(ran.stdout + ran.stderr).not.toContain(secret);
  });

  test.each([
    [401, /HTTP 401: the token is not accepted/, 'claude-refresh-token'],
    [
      403,
      /HTTP 403: you may not query databricks-claude-sonnet-4-6/,
      'ask your facilitator for CAN_QUERY on this endpoint',
    ],
    [
      404,
      /HTTP 404: the workspace has no endpoint databricks-claude-sonnet-4-6/,
      'tell your facilitator: serving.model of the plan names no endpoint',
    ],
    [429, /HTTP 429: the endpoint is busy/, 'wait a minute, then: check-claude'],
    [
      503,
      /HTTP 503: the endpoint has trouble\. It says: no capacity/,
      'wait a minute, then: check-claude; then tell your facilitator',
    ],
  ])('the endpoint answers %i', async (status, words, next) => {
    await opened().faults([{ route: MESSAGES, effect: { status, error_code: 'X', message: 'no capacity' } }]);
    expectRefusal(await node.session('check-claude'), new RegExp(`^FAIL {2}endpoint +${words.source}.*$`, 'm'), next);
    await opened().faults([]);
  });

  test('the endpoint is silent, or the whole workspace is', async () => {
    await opened().faults([{ route: MESSAGES, effect: { latency: '10s' } }]);
    expectRefusal(
      await node.session('check-claude', { env: { WORKSHOP_WAIT_SECONDS: '1' } }),
      /^FAIL {2}endpoint +no answer: curl: \(28\)/m,
      'wait a minute, then: check-claude; if it stays so: claude-debug, and show it to your facilitator',
    );
    await opened().faults([{ route: MESSAGES, effect: { reset: true } }]);
    expect((await node.session('check-claude')).stdout).toMatch(/^FAIL {2}endpoint +no answer: curl: /m);
    await opened().faults([]);
    const env = { DATABRICKS_HOST: 'http://127.0.0.1:9' };
    const away = await node.session('claude-token-status; claude-refresh-token', { env });
    expect(away.code).toBe(3);
    expect(away.stdout).toContain('FAIL  accepted   http://127.0.0.1:9 does not answer (HTTP 000 curl: (7)');
    expect((await node.session('check-claude', { env })).stdout).toMatch(
      /^FAIL {2}config +Claude Code is set to http:\S+, and this session belongs to http:\/\/127\.0\.0\.1:9$/m,
    );
  });

  test("what else may be wrong: settings, keys of one's own, a proxy", async () => {
    const settings = '/etc/claude-code/managed-settings.json';
    const broken = await node.session(
      `cp ${settings} /tmp/kept; echo '{' > ${settings}; check-claude
       rm ${settings}; check-claude; cp /tmp/kept ${settings}`,
    );
    expect(broken.stdout).toContain(`FAIL  config     ${settings} is no JSON any more: somebody changed it`);
    expect(broken.stdout).toContain(
      `FAIL  config     ${settings} is not there: Claude Code does not know the workspace`,
    );
    const own = await node.session('check-claude', {
      env: { ANTHROPIC_API_KEY: 'sk-ant-mine-0123456789', https_proxy: 'http://ann:pass-word@proxy.example:8080' },
    });
    expect(own.stdout).toMatch(
      /^warn {2}config +ANTHROPIC_API_KEY is set in this shell.*\n +-> unset ANTHROPIC_API_KEY$/m,
    );
    expectLine(
      own.stdout,
      /^warn {2}proxy +proxy\.example:8080 is used for the workspace$/m,
      'if the endpoint does not answer: export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1',
    );
    const shown = await node.session('claude-debug; claude-debug --json', {
      env: { ANTHROPIC_API_KEY: 'sk-ant-mine-0123456789', https_proxy: 'http://ann:pass-word@proxy.example:8080' },
    });
    expect(shown).toMatchObject({ code: 0 });
    for (const secret of ['sk-ant-mine-0123456789', 'pass-word', shown.token])
      expect(own.stdout + shown.stdout).not.toContain(secret);
    expect(shown.stdout).toContain('ANTHROPIC_API_KEY=*** (22 characters)');
    expect(shown.stdout).toContain('https_proxy=http://***@proxy.example:8080');
    expect(JSON.parse(shown.stdout.slice(shown.stdout.indexOf('\n{\n  "v": 1') + 1))).toMatchObject({
      v: 1,
      command: 'claude-debug',
      environment: { DATABRICKS_HOST: opened().sandbox.url },
    });
  });

  test('VS Code: what to do, the interpreter, the settings of this side', async () => {
    const setup = await node.session('claude-vscode-setup');
    for (const words of [
      '"remote.SSH.connectTimeout": 360',
      'ServerAliveInterval 30',
      '/root/workshop',
      '/databricks/python3/bin/python',
    ])
      expect(setup.stdout).toContain(words);
    expect((await node.session('claude-vscode-env; claude-vscode-env --json')).stdout).toMatch(
      /^\/databricks\/python3\/bin\/python\n\{"v": 1, .*"ok": true/,
    );
    const checked = await node.session('claude-vscode-check');
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.stdout).toMatch(/^skip {2}running +VS Code is not connected$/m);
    const settings = '/root/.vscode-server/data/Machine/settings.json';
    const own = await node.session(
      `folder() { python3 -c 'import json; print(json.load(open("${settings}"))["terminal.integrated.cwd"])'; }
       folder; echo '{"terminal.integrated.cwd": "mine"}' > ${settings}; claude-vscode-setup --settings-only; folder`,
    );
    expect(own.stdout).toBe('/root/workshop\nmine\n');
  });

  test('tracing says how to get MLflow, and turns it on where it is', async () => {
    const without = await node.session('claude-tracing-enable');
    expectRefusal(
      without,
      /^FAIL {2}mlflow/m,
      '/databricks/python3/bin/python -m venv ~/.venvs/tracing && ' +
        "~/.venvs/tracing/bin/pip install 'mlflow[databricks]==3.12.0' && claude-tracing-enable",
    );
    const stub = `mkdir -p ~/.venvs/tracing/bin; cd ~/.venvs/tracing/bin
      printf '#!/bin/sh\\necho "$@" >> ~/asked\\n' > mlflow; chmod +x mlflow`;
    const on = await node.session(`${stub}; claude-tracing-enable && claude-tracing-enable --off && cat ~/asked`);
    expect(on.stdout).toContain(
      `autolog claude /root/workshop -u databricks -n /Users/${ANN}/claude-workshop-tracing\n`,
    );
    expect(on.stdout).toContain('autolog claude --disable /root/workshop\n');
    expect(on).toMatchObject({ code: 0 });
  });

  test('a second run changes nothing, and a home folder with files in it stays as it is', async () => {
    const again = await node.session(
      `cp ${SCRIPTS}/install-claude-code.sh /tmp/again.sh
       echo mine > ~/workshop/dash-app/README.md; rm ~/workshop/dash-app/PROMPT.md
       rm ~/workshop; mkdir ~/workshop; echo notes > ~/workshop/notes; echo '{"mine": true}' > ~/.claude.json
       env -i PATH="$PATH" HOME=/root WORKSHOP_SCRIPTS=${SCRIPTS} WORKSHOP_CLAUDE_VERSION=${STAND_IN} \\
         WORKSHOP_HOST="$DATABRICKS_HOST" WORKSHOP_USER=${ANN} bash /tmp/again.sh
       grep -c claude-workshop ~/.bashrc; cat ~/workshop/notes; tr -d ' \\n' < ~/.claude.json; echo
       cd /Workspace/Users/${ANN}/claude-workshop/dash-app; cat README.md; ls; ls -A /opt`,
    );
    expect(again.stdout).toContain(`Claude Code ${STAND_IN} is installed already`);
    const lines = again.stdout.slice(again.stdout.indexOf('done in')).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^done in \d+ s$/);
    const answers =
      '{"mine":true,"projects":{"/root/workshop":{"hasTrustDialogAccepted":true}},"hasCompletedOnboarding":true}';
    expect(lines.slice(1, 5)).toEqual(['1', 'notes', answers, 'mine']);
    expect(lines.slice(5)).toEqual(['README.md', 'app.yaml', 'requirements.txt', 'claude-code', 'claude-workshop']);
    expect((await node.session('check-claude')).stdout).toMatch(
      new RegExp(
        "^warn {2}work +/root/workshop is on this cluster's own disk: its files are erased when the cluster stops\\n" +
          ' +-> mv /root/workshop /root/workshop-old && ',
        'm',
      ),
    );
    const moved = await node.session(
      'mv /root/workshop /root/workshop-old && /opt/claude-workshop/bin/../lib/work-folder && readlink ~/workshop',
    );
    expect(moved.stdout).toBe(`/Workspace/Users/${ANN}/claude-workshop\n`);
  });
});

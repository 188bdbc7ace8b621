import { expect, test } from 'vitest';
import { ANN, clientOf } from '../../sandbox/test/harness.ts';
import { describeWithClaudeCode, wheels, wholeBundle, workshopSandbox, LOGS } from './workshop-node.ts';

const WORK = `/Workspace/Users/${ANN}/claude-workshop`;

/** A Dash app as Claude Code might write it. */
const APP = `import os
import plotly.express as px
from dash import Dash, dcc
app = Dash(__name__)
app.layout = dcc.Graph(figure=px.line(x=['May', 'June'], y=[1, 2], title='rentals'))
app.run(host='0.0.0.0', port=int(os.environ.get('DATABRICKS_APP_PORT', 8000)))
`;

describeWithClaudeCode('the first minute on a cluster', () => {
  const opened = workshopSandbox(async () => [...(await wholeBundle()), ...(await wheels())]);

  test('Claude Code from npm is installed, found in every shell, and answers, tools and all', async () => {
    const { launch, admin } = opened();
    const { id, cluster, session } = await launch();
    expect(cluster.state, JSON.stringify(cluster.termination_reason)).toBe('RUNNING');

    const log = (await admin('GET', `/api/2.0/fs/files${LOGS}/${id}/init-script-claude.log`)).text;
    expect(log).toMatch(/^\d{4}-\d\d-\d\dT\S+Z \+0s init script on ws-ann/);
    expect(log).toMatch(/done in \d+ s\n$/);
    expect((await session('cat /tmp/init-script-claude.log')).stdout).toBe(log);

    for (const login of [false, true]) {
      const found = await session('command -v claude check-claude show-app deploy-app; claude --version', { login });
      expect(found.stdout).toBe(
        '/usr/local/bin/claude\n/usr/local/bin/check-claude\n' +
          '/usr/local/bin/show-app\n/usr/local/bin/deploy-app\n2.1.197 (Claude Code)\n',
      );
    }
    const interactive = await session(
      'bash -ic "pwd"; bash -lic "pwd"; source ~/.bashrc; sh -eu /etc/profile.d/claude-workshop.sh && echo fine',
    );
    expect(interactive.stdout).toBe('/root/workshop\n/root/workshop\nfine\n');

    const checked = await session('check-claude --deep --json');
    const report = JSON.parse(checked.stdout) as {
      ok: boolean;
      version: string;
      person: string;
      checks: { id: string; state: string; said: string }[];
    };
    expect(report.checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(report.checks.map(({ id: name }) => name)).toEqual([
      'init',
      'claude',
      'version',
      'config',
      'host',
      'token',
      'endpoint',
      'proxy',
      'disk',
      'clock',
      'python',
      'git',
      'work',
      'deep',
    ]);
    expect(report).toMatchObject({ v: 1, command: 'check-claude', ok: true, version: '2.1.197', person: ANN });
    expect(checked.code).toBe(0);
    expect((await session('check-claude')).stdout).toMatch(/^ok {4}claude +\/usr\/local\/bin\/claude$/m);

    // Login and non-login shells, and VS Code's terminal, share the settings; the token comes from the session.
    const answered = await session('claude -p "Reply with exactly: ready"', { login: true });
    expect(answered.stdout.trim(), answered.stderr).toBe('ready');
    const used = await session('claude -p "Run: echo made-by-a-tool" --allowedTools Bash', {
      env: { CLAUDE_CODE_MAX_RETRIES: '0' },
    });
    expect(used.stdout.trim(), used.stderr).toBe('made-by-a-tool');
  });

  test('the exercise runs offline once there is an app, and says what is wrong until then', async () => {
    const { session } = await opened().launch();
    const without = await session('exercise-check');
    expect(without).toMatchObject({ code: 1 });
    expect(without.stdout).toContain(
      'FAIL  app        there is no app.py in /root/workshop/dash-app yet\n' +
        '                 -> cd /root/workshop/dash-app && claude   # and give it the text of PROMPT.md',
    );
    const broken = await session(`echo 'import nothing_like_this' > ~/workshop/dash-app/app.py; exercise-check`);
    expect(broken.stdout).toContain(
      "FAIL  page       app.py ended: ModuleNotFoundError: No module named 'nothing_like_this'",
    );
    const silent = await session(
      `cat > ~/workshop/dash-app/app.py <<'PYTHON'
import subprocess, sys
subprocess.Popen(["sleep", "4242"])
PYTHON
exercise-check; grep -lsa 4242 /proc/[0-9]*/cmdline | while read -r each; do tr '\\0' ' ' < $each; done
printf 'print("out of cheese\\\\n\\\\n")\nraise SystemExit(3)\n' > ~/workshop/dash-app/app.py; exercise-check`,
    );
    expect(silent.stdout).toContain('app.py ended with exit code 0 and said nothing: it has to start a server');
    expect(silent.stdout).toContain('FAIL  page       app.py ended: out of cheese\n');
    expect(silent.stdout).not.toContain('sleep 4242');
    const other = await session(
      `cat > ~/workshop/dash-app/app.py <<'PYTHON'
import http.server, os
address = ("", int(os.environ["DATABRICKS_APP_PORT"]))
http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
PYTHON
exercise-check`,
    );
    expect(other.stdout).toContain('it is no Dash app');
    const good = await session(
      `cat > ~/workshop/dash-app/app.py <<'PYTHON'\n${APP}PYTHON\nexercise-check --json; claude-vscode-env`,
    );
    expect(good.stdout, good.stderr).toContain('"ok": true');
    expect(good.stdout).toContain('/root/.venvs/workshop/bin/python\n');
    // What was made is in the workspace, not on the node.
    const { admin } = opened();
    const path = encodeURIComponent(`${WORK.replace('/Workspace', '')}/dash-app/app.py`);
    const kept = await admin('GET', `/api/2.0/workspace/export?direct_download=true&path=${path}`);
    expect(kept.text).toBe(APP);
  });

  test('the app of the exercise is shown on the cluster', async () => {
    const { session } = await opened().launch();
    const shown = await session(
      `cat > ~/workshop/dash-app/app.py <<'PYTHON'
${APP}PYTHON
show-app > /tmp/shown 2>&1 &
wait_for() { for _ in $(seq 450); do grep -q 'The app runs' /tmp/shown && return; sleep 0.2; done; cat /tmp/shown; }
wait_for; curl -sS --noproxy '*' http://127.0.0.1:8000/_dash-layout; kill %1; wait %1; cat /tmp/shown`,
    );
    expect(shown.stdout, shown.stderr).toContain('"text":"rentals"');
    expect(shown.stdout).toContain('The app runs: http://127.0.0.1:8000\n');
    expect(shown.stdout).not.toContain('listens on every address');
    expect(shown.stdout).toMatch(/\nThe app has ended\.\n$/);
  });

  test('a token that expires while Claude Code runs is followed by the newest of the node', async () => {
    const { launch, sandbox } = opened();
    const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
    const made = async () =>
      (await ann('POST', '/api/2.0/token/create', { lifetime_seconds: 10_000_000 })).json as {
        token_value: string;
        token_info: { token_id: string };
      };
    const [old, fresh] = [await made(), await made()];
    const { session } = await launch();
    const ask = (words: string) =>
      JSON.stringify({ type: 'user', message: { role: 'user', content: `Reply with exactly: ${words}` } });
    const ran = await session(
      `mkfifo /tmp/words
claude -p --input-format stream-json --output-format stream-json --verbose < /tmp/words > /tmp/said 2>&1 &
exec 3>/tmp/words
wait_for() { for _ in $(seq 1 200); do grep -q '"result":"'"$1" /tmp/said && return; sleep 0.1; done; echo "no $1"; }
echo '${ask('before')}' >&3; wait_for before
env DATABRICKS_TOKEN='${fresh.token_value}' bash -c 'exec -a "/x/databricks ssh server" sleep 60' & sleep 0.3
curl -sS -X POST -H "Authorization: Bearer ${sandbox.tokenFor(ANN)}" \\
  -d '{"token_id": "${old.token_info.token_id}"}' $DATABRICKS_HOST/api/2.0/token/delete
echo '${ask('after')}' >&3; wait_for after
exec 3>&-; kill %2; wait %1; grep -o '"result":"[a-z]*"' /tmp/said`,
      { env: { DATABRICKS_TOKEN: old.token_value } },
    );
    expect(ran.stdout, ran.stderr).toContain('"result":"before"\n"result":"after"');
    for (const { token_value } of [old, fresh]) expect(ran.stdout + ran.stderr).not.toContain(token_value);
  });
});

import { describe, expect, test } from 'vitest';
import {
  ask,
  cliVersion,
  parseCheck,
  readAnswer,
  readCheck,
  readMe,
  readNoCheck,
  readTunnel,
  type Printed,
} from '../../../../src/domain/replayed/canary/words.ts';

const ME = 'worker@example.com';
const printed = (some: Partial<Printed>): Printed => ({
  code: 0,
  stdout: '',
  stderr: '',
  ranOut: false,
  limitMs: 30_000,
  ...some,
});
const ON_THE_WAY =
  'Connecting to 1125-1...\nChecking cluster state...\nUploading binaries...\nStarting SSH server...\n' +
  'Job submitted successfully with run ID: 7\n';

test.each([
  ['Databricks CLI v1.14.0', '1.14.0'],
  ['Databricks CLI v1.8.0-dev+abc', '1.8.0-dev+abc'],
  ['Version 0.18.0', '0.18.0'],
  ['no such thing', undefined],
])('version of "%s"', (text, version) => {
  expect(cliVersion(text)).toBe(version);
});

describe('who the CLI signs in as', () => {
  test('is whom the cluster is dedicated to, in whatever case', () => {
    expect(readMe(printed({ stdout: '{"userName":"Worker@example.com"}' }), ME)).toEqual({
      state: 'passed',
      said: 'signed in as Worker@example.com',
    });
  });
  test.each([
    [
      '{"userName":"other@example.com"}',
      0,
      '',
      'the CLI signs in as other@example.com, and the cluster is dedicated to worker@example.com',
      /one way to sign in/,
    ],
    ['{}', 0, '', 'databricks current-user me does not say who that is', /current-user me -o json/],
    [
      '',
      1,
      'Error: Get "https://x": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'Get "https://x": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      /SSL_CERT_FILE/,
    ],
    ['', 1, 'Error: Invalid access token. (401)', 'Invalid access token. (401)', /credentials/],
  ])('%s %i %s', (stdout, code, stderr, said, hint) => {
    const read = readMe(printed({ stdout, code, stderr }), ME);
    expect(read).toMatchObject({ state: 'failed', said });
    expect(read).toHaveProperty('hint', expect.stringMatching(hint));
  });
  test('silence is told as such', () => {
    expect(readMe(printed({ code: null, ranOut: true }), ME)).toMatchObject({
      state: 'failed',
      said: 'no answer in 30 s',
    });
  });
});

describe('the tunnel', () => {
  test('leads to root', () => {
    const { tunnel, sshd } = readTunnel(
      printed({ stdout: 'workshop-canary root\n', stderr: `${ON_THE_WAY}Connected!\n` }),
    );
    expect([tunnel.state, sshd]).toEqual(['passed', { state: 'passed', said: 'answers as root' }]);
  });
  test('leads to somebody else', () => {
    expect(readTunnel(printed({ stdout: 'workshop-canary ubuntu\n' })).sshd).toMatchObject({
      state: 'failed',
      said: 'answers as ubuntu, and not as root',
    });
  });
  test('leads to a node without an SSH daemon: the tunnel itself is fine', () => {
    const { tunnel, sshd } = readTunnel(
      printed({
        code: 1,
        stderr:
          `${ON_THE_WAY}Connected!\nThe SSH connection closed unexpectedly. the cluster's container image is ` +
          'likely missing an OpenSSH server\nError: exit status 255',
      }),
    );
    expect(tunnel.state).toBe('passed');
    expect(sshd).toMatchObject({ state: 'failed', said: 'the node has no SSH daemon (/usr/sbin/sshd)' });
  });
  test('whose upgrade to a WebSocket is refused is no tunnel', () => {
    const { tunnel, sshd } = readTunnel(
      printed({
        code: 1,
        stderr: `${ON_THE_WAY}Connected!\nError: failed to establish websocket connection: websocket: bad handshake\n`,
      }),
    );
    expect(tunnel).toMatchObject({ state: 'failed', hint: expect.stringContaining('WebSocket') as string });
    expect(sshd).toBeUndefined();
  });
  test("whose server's job ended may mean a cluster that runs nothing", () => {
    const read = readTunnel(
      printed({
        code: 1,
        stderr:
          `${ON_THE_WAY}Error: failed to ensure that ssh server is running: ssh server bootstrap job failed:\n  ` +
          'Could not reach driver of cluster\n',
      }),
    );
    expect(read).toMatchObject({
      bootstrapFailed: true,
      tunnel: { state: 'failed', said: expect.stringContaining('Could not reach driver') as string },
    });
  });
  test('for which the CLI cannot fetch its archives is for a person to try, and no failure of the workspace', () => {
    const { tunnel } = readTunnel(
      printed({
        code: 1,
        stderr:
          `${ON_THE_WAY}Error: failed to upload ssh-tunnel binaries: failed to get archive for architecture amd64: ` +
          'failed to download https://github.com/x.zip: no such host',
      }),
    );
    expect(tunnel).toMatchObject({
      state: 'not tried',
      forAPerson: true,
      said: expect.stringContaining('no such host') as string,
    });
  });
  test.each([
    ['failed to open /r/databricks_cli_1.14.0_linux_amd64.zip: no such file', /WORKSHOP_DATABRICKS_CLI_RELEASES/],
    ['failed to upload file /x to workspace: 413 Request Entity Too Large', /uploads/],
    ['failed to create secret scope: PERMISSION_DENIED', /secret scope/],
    ['failed to submit job: jobs are not allowed', /forbid jobs/],
    ['something nobody has seen', /--debug/],
  ])('%s', (words, hint) => {
    expect(readTunnel(printed({ code: 1, stderr: `${ON_THE_WAY}Error: ${words}` })).tunnel).toEqual({
      state: 'failed',
      said: words,
      hint: expect.stringMatching(hint) as string,
    });
  });
});

describe('check-claude', () => {
  const line = (
    id: string,
    state: 'ok' | 'warning' | 'failed' | 'skipped' = 'ok',
    said = `${id} is fine`,
    next = '',
  ) => ({ id, state, said, next });
  const report = (...changed: ReturnType<typeof line>[]) => {
    const ids = ['init', 'claude', 'version', 'config', 'host', 'token', 'endpoint', 'proxy', 'disk', 'clock', 'work'];
    return { person: ME, checks: ids.map((id) => changed.find((one) => one.id === id) ?? line(id)) };
  };

  test('is found behind whatever a shell says first, and nothing else is taken for it', () => {
    expect(parseCheck(`Welcome!\n${JSON.stringify({ v: 1, ok: true, ...report() })}\n`)?.person).toBe(ME);
    for (const text of ['', '{', '{"checks":[]}', '{"checks":[{"id":"x","state":"good","said":""}]}', 'no {braces}'])
      expect(parseCheck(text)).toBeUndefined();
  });

  test('all is well', () => {
    expect(readCheck(report(), ME)).toEqual({
      binary: { state: 'passed', said: 'version is fine' },
      token: { state: 'passed', said: 'token is fine' },
      endpoint: { state: 'passed', said: 'endpoint is fine' },
      claude: undefined,
    });
  });

  test('each hop fails by its own lines, with what they say to type', () => {
    const read = readCheck(
      report(
        line('config', 'failed', 'it is no JSON', 'restart'),
        line('clock', 'failed', 'an hour off', 'restart the cluster'),
      ),
      ME,
    );
    expect(read.binary).toEqual({ state: 'failed', said: 'config: it is no JSON', hint: 'restart' });
    expect(read.token).toEqual({ state: 'failed', said: 'clock: an hour off', hint: 'restart the cluster' });
    expect(read.endpoint.state).toBe('passed');
  });

  test('what was skipped was not tried; what is only doubtful passes and is said', () => {
    const read = readCheck(report(line('endpoint', 'skipped', 'no good token'), line('init', 'warning', 'no log')), ME);
    expect(read.endpoint).toEqual({ state: 'not tried', said: 'no good token' });
    expect(read.binary).toEqual({ state: 'passed', said: 'version is fine; init: no log' });
  });

  test('what is about no hop is told beside', () => {
    expect(readCheck(report(line('work', 'failed', 'cannot be written')), ME).binary).toEqual({
      state: 'passed',
      said: 'version is fine; besides, work: cannot be written',
    });
  });

  test("that could not be run by a job is the binary's failure", () => {
    const read = readCheck(
      { person: null, checks: [line('check-claude', 'failed', 'it is not on this cluster', 'read the log')] },
      ME,
    );
    expect(read.binary).toEqual({
      state: 'failed',
      said: 'check-claude: it is not on this cluster',
      hint: 'read the log',
    });
    expect([read.token.state, read.endpoint.state]).toEqual(['not tried', 'not tried']);
  });

  test("somebody else's token is a failure", () => {
    expect(readCheck({ ...report(), person: 'other@example.com' }, ME).token).toMatchObject({
      state: 'failed',
      said: expect.stringContaining('other@example.com') as string,
    });
  });

  test('that went deep tells of Claude Code, too', () => {
    expect(readCheck({ person: ME, checks: [line('deep', 'ok', 'Claude Code answers')] }, ME).claude).toEqual({
      state: 'passed',
      said: 'Claude Code answers',
    });
  });

  test('that is not there: nothing else can be said of the cluster', () => {
    const read = readNoCheck(
      printed({ code: 1, stderr: 'Connected!\nbash: line 1: check-claude: command not found\nError: exit status 127' }),
    );
    expect(read.binary).toMatchObject({
      state: 'failed',
      said: 'check-claude did not answer: bash: line 1: check-claude: command not found',
    });
    expect([read.token.state, read.endpoint.state]).toEqual(['not tried', 'not tried']);
  });
});

describe('the question', () => {
  test('ends by itself, and is not repeated', () => {
    expect(ask(29_001)).toMatch(/CLAUDE_CODE_MAX_RETRIES=0 timeout 30 claude -p .*<\/dev\/null/);
  });
  test.each([
    ['42\nclaude-ended 0\n', '', 'passed', /answered/],
    ['7\nclaude-ended 0\n', '', 'failed', /answers: 7/],
    ['claude-ended 0\n', '', 'failed', /answers: nothing/],
    ['API Error: 403 no\nclaude-ended 1\n', '', 'failed', /403/],
    ["There's an issue with the selected model\nclaude-ended 1\n", '', 'failed', /selected model/],
    ['API Error: 429\nclaude-ended 1\n', '', 'failed', /429/],
    ['claude-ended 127\n', 'bash: claude: command not found', 'failed', /command not found/],
    ['', 'Connection closed', 'failed', /Connection closed/],
  ])('%j', (stdout, stderr, state, said) => {
    const read = readAnswer(printed({ stdout, stderr }));
    expect(read.state).toBe(state);
    expect(read.said).toMatch(said);
  });
});

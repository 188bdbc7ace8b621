import { z } from 'zod';
import type { Tried } from './hops.ts';
import { checkReport, type CheckReport } from '../seat/job-report.ts';

/** What a program left behind. `ranOut`: it was ended because its time was over. */
export interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ranOut: boolean;
  readonly limitMs: number;
}

const LONGEST = 300;

/** The version that `databricks --version` prints, like `1.14.0`. */
export const cliVersion = (printed: string): string | undefined => /\bv?(\d+\.\d+\.\d+\S*)/.exec(printed)?.[1];

const failed = (text: string, hint: string): Tried => ({ state: 'failed', said: short(text), hint });
const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST);

/** The CLI's own error, or the end of what it said. */
function wordsOf({ stderr, stdout, ranOut, limitMs, code }: Printed): string {
  const error =
    /^Error: ([\s\S]*)/m.exec(stderr)?.[1] ?? (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' ');
  const late = ranOut ? `no answer in ${Math.round(limitMs / 1_000)} s` : '';
  return [late, error.trim()].filter((part) => part !== '').join(': ') || `exit status ${code}`;
}

/** What the CLI says on the way to every command, and by which it ends when the command failed. */
const CHATTER = [
  'Connecting to ',
  'Checking cluster state',
  'Uploading binaries',
  'Starting SSH server',
  'Job submitted',
  'Health check successful',
  'Connected!',
  'Received termination',
  'Warning: Permanently added',
  'Error: exit status ',
];

/** What a command on the cluster said; where it said nothing, the CLI. */
function farWords(printed: Printed): string {
  const lines = printed.stderr
    .split('\n')
    .map((text) => text.trim())
    .filter((text) => text !== '' && !CHATTER.some((beginning) => text.startsWith(beginning)));
  return lines.length > 0 && !printed.ranOut ? lines.slice(-3).join(' ') : wordsOf(printed);
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /x509|certificate/i,
    'A proxy that opens TLS is between the worker and the workspace: set SSL_CERT_FILE on the worker to a file ' +
      'with all authorities, its own included.',
  ],
  [
    /Single-user check failed/i,
    'The cluster is dedicated to another identity than the CLI signs in as: give the worker one way to sign in, ' +
      'and try again.',
  ],
  [
    /\b401\b|invalid access token|unauthenticated|cannot configure default credentials|default auth/i,
    "Renew the worker's credentials and restart the worker.",
  ],
  [
    /failed to open .*\.zip/i,
    'WORKSHOP_DATABRICKS_CLI_RELEASES must name a folder with databricks_cli_<version>_linux_amd64.zip and ' +
      "…_arm64.zip of exactly the worker's CLI.",
  ],
  [
    /failed to upload|\b413\b|request entity too large|connection reset/i,
    'Something between the worker and the workspace refuses large uploads (15 MB). Have the proxy allow them for ' +
      'the workspace.',
  ],
  [
    /secret|scope/i,
    "databricks ssh keeps its keys in a secret scope: the worker's identity must be allowed to create one, as " +
      "every attendee's must.",
  ],
  [
    /failed to submit job|workload_type|not (?:allowed|permitted)/i,
    'databricks ssh starts its server by a job: neither the cluster policy nor the workspace may forbid jobs on ' +
      'these clusters.',
  ],
  [
    /websocket|bad handshake|driver-proxy/i,
    'The connection is upgraded to a WebSocket, which something between the worker and the workspace refuses: ' +
      'have the proxy allow it for the workspace.',
  ],
  [
    /bootstrap job failed/i,
    'The job that starts the SSH server ended: open the run that is named, in the workspace, and read why.',
  ],
  [/proxyconnect|proxy/i, 'Look at HTTPS_PROXY and NO_PROXY on the worker.'],
];

const hintFor = (text: string, otherwise: string): string =>
  HINTS.find(([words]) => words.test(text))?.[1] ?? otherwise;

/** `databricks current-user me -o json`: the CLI reaches the workspace, as whom the cluster is dedicated to. */
export function readMe(printed: Printed, userName: string): Tried {
  const words = wordsOf(printed);
  if (printed.code !== 0) return failed(words, hintFor(words, 'Type it on the worker: databricks current-user me'));
  const name = readName(printed.stdout);
  if (name === undefined)
    return failed(
      'databricks current-user me does not say who that is',
      'Type it on the worker: databricks current-user me -o json',
    );
  if (name.toLowerCase() !== userName.toLowerCase()) {
    return failed(
      `the CLI signs in as ${name}, and the cluster is dedicated to ${userName}`,
      'Give the worker one way to sign in, and restart it.',
    );
  }
  return { state: 'passed', said: `signed in as ${name}` };
}

function readName(json: string): string | undefined {
  try {
    return z.safeParse(z.looseObject({ userName: z.string() }), JSON.parse(json)).data?.userName;
  } catch {
    return undefined;
  }
}

/** What is typed at the far end of the tunnel, to see who answers. */
export const WHO_ANSWERS = 'echo "workshop-canary $(id -un)"';

/** By this the CLI says that it reached the SSH server on the cluster. */
export const CONNECTED = 'Connected!';

/**
 * How `databricks ssh connect` went. `bootstrap` is set when the job that starts the server ended instead of serving:
 * then it depends on what the cluster can run at all.
 */
export interface TunnelRead {
  readonly tunnel: Tried;
  readonly sshd: Tried | undefined;
  readonly bootstrapFailed?: true;
}

/** Reads what `databricks ssh connect -- ` {@link WHO_ANSWERS} left. */
export function readTunnel(printed: Printed): TunnelRead {
  const { stdout, stderr } = printed;
  const words = wordsOf(printed);
  const name = /^workshop-canary (\S+)/m.exec(stdout)?.[1];
  const reached: Tried = { state: 'passed', said: 'the SSH server on the cluster is reached through the workspace' };
  if (name === 'root') return { tunnel: reached, sshd: { state: 'passed', said: 'answers as root' } };
  if (name !== undefined)
    return {
      tunnel: reached,
      sshd: failed(
        `answers as ${name}, and not as root`,
        'The runtime is not one that databricks ssh knows: see compute.sparkVersion in the plan.',
      ),
    };
  if (/failed to download /.test(stderr)) {
    return {
      tunnel: {
        state: 'not tried',
        said: short(`the CLI on the worker cannot fetch its own archives, which it puts on the cluster: ${words}`),
        forAPerson: true,
      },
      sshd: undefined,
    };
  }
  if (stderr.includes(CONNECTED) && !/websocket connection: |bad handshake/i.test(stderr)) {
    const missing = /missing an OpenSSH server|sshd: no such file/i.test(stderr);
    return {
      tunnel: reached,
      sshd: failed(
        missing ? 'the node has no SSH daemon (/usr/sbin/sshd)' : words,
        missing
          ? 'Choose a runtime with OpenSSH: compute.sparkVersion in the plan, 17.0 or later, without an image of ' +
              'your own.'
          : 'Look at the run ssh-server-bootstrap in the workspace: its log has what the SSH server said.',
      ),
    };
  }
  const bootstrapFailed = /bootstrap job failed/.test(stderr);
  return {
    tunnel: failed(
      words,
      hintFor(
        words,
        'Try it by hand on the worker, with --debug: databricks ssh connect --cluster <id of a cluster of your own>',
      ),
    ),
    sshd: undefined,
    ...(bootstrapFailed ? { bootstrapFailed } : {}),
  };
}

/** Undefined when it is not what it should be. Whatever a shell says before it is passed over. */
export function parseCheck(printed: string): CheckReport | undefined {
  const from = printed.indexOf('{');
  try {
    return from < 0
      ? undefined
      : z.safeParse(checkReport, JSON.parse(printed.slice(from, printed.lastIndexOf('}') + 1))).data;
  } catch {
    return undefined;
  }
}

/** Which lines of check-claude a hop stands for. The first says what is shown when all is well. */
const LINES = {
  binary: ['version', 'claude', 'check-claude', 'init', 'config'],
  token: ['token', 'host', 'clock'],
  endpoint: ['endpoint'],
  claude: ['deep'],
} as const;
const OF_HOPS: readonly string[] = Object.values(LINES).flat();

/** The hops on the cluster, as check-claude sees them. `claude` is there only if it was asked to go deep. */
export interface ClusterRead {
  readonly binary: Tried;
  readonly token: Tried;
  readonly endpoint: Tried;
  readonly claude: Tried | undefined;
}

export function readCheck(check: Pick<CheckReport, 'person' | 'checks'>, userName: string): ClusterRead {
  const { checks, person } = check;
  const of = (ids: readonly string[]): Tried => {
    const lines = checks.filter(({ id }) => ids.includes(id)).toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
    const bad = lines.find(({ state }) => state === 'failed');
    if (bad) return failed(`${bad.id}: ${bad.said}`, bad.next || 'On the cluster: claude-debug');
    const [first] = lines;
    if (!first || first.state === 'skipped')
      return { state: 'not tried', said: short(first?.said ?? 'check-claude did not look at it') };
    const warnings = lines
      .filter(({ state, id }) => state === 'warning' && id !== first.id)
      .map(({ id, said }) => `${id}: ${said}`);
    return { state: 'passed', said: short([first.said, ...warnings].join('; ')) };
  };
  const binary = of(LINES.binary);
  const token = of(LINES.token);
  const besides = checks
    .filter(({ id, state }) => state === 'failed' && !OF_HOPS.includes(id))
    .map(({ id, said }) => `${id}: ${said}`);
  const isAnothers = token.state === 'passed' && person && person.toLowerCase() !== userName.toLowerCase();
  return {
    binary: besides.length > 0 ? { ...binary, said: short(`${binary.said}; besides, ${besides.join('; ')}`) } : binary,
    token: isAnothers
      ? failed(
          `the token on the cluster is ${person}'s, and not ${userName}'s`,
          'The cluster must be dedicated to whom it is for.',
        )
      : token,
    endpoint: of(LINES.endpoint),
    claude: checks.some(({ id }) => id === 'deep') ? of(LINES.claude) : undefined,
  };
}

/** Where check-claude itself could not be run. */
export function readNoCheck(printed: Printed): ClusterRead {
  const not: Tried = { state: 'not tried', said: 'check-claude did not answer' };
  return {
    binary: failed(
      `check-claude did not answer: ${farWords(printed)}`,
      "The init script did not install it: read init-script-claude.log in the logs volume, under the cluster's id.",
    ),
    token: not,
    endpoint: not,
    claude: undefined,
  };
}

/**
 * A question that no model gets wrong, asked so that a failure ends at once (docs/facts/ssh-and-claude.md section 3).
 */
export const ask = (limitMs: number): string =>
  `cd /tmp && CLAUDE_CODE_MAX_RETRIES=0 timeout ${Math.ceil(limitMs / 1_000)} claude -p 'What is 17 + 25? Answer ` +
  `with the number alone.' </dev/null; echo "claude-ended $?"`;

/** Reads what {@link ask} left. */
export function readAnswer(printed: Printed): Tried {
  const ended = /^claude-ended (\d+)/m.exec(printed.stdout)?.[1];
  const answer = short(printed.stdout.replace(/^claude-ended.*/m, ''));
  if (ended === '0' && /\b42\b/.test(answer)) return { state: 'passed', said: 'Claude Code answered a question' };
  if (ended === '0')
    return failed(`asked for 17 + 25, Claude Code answers: ${answer || 'nothing'}`, 'On the cluster: claude-debug');
  const words = answer || farWords(printed);
  if (/\b403\b/.test(words)) return failed(words, 'Grant CAN_QUERY on the serving endpoint.');
  if (/\b404\b|issue with the selected model/.test(words))
    return failed(words, 'serving.model in the plan names no endpoint of this workspace.');
  if (/\b429\b/.test(words))
    return failed(words, 'The endpoint is at its limit: try again, and see the line about Model Serving limits.');
  return failed(`Claude Code does not answer: ${words}`, 'On a cluster: claude-debug');
}

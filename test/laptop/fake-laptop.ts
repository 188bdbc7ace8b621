import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:https';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { runProgram, type Outcome } from '../run-program.ts';
import { inOneFile } from '../../src/messages/laptop-checks.ts';
import { readLaptopCode, type LaptopEvidence } from '../../src/domain/papers/laptop-evidence.ts';

/** In parts, as it lies in a checkout. */
export const IN_PARTS = fileURLToPath(new URL('../../laptop/check.sh', import.meta.url));
const IN_ONE_FILE = await inOneFile(IN_PARTS);
export const NAME = 'workshop-spring-apps';

/** What the script takes from the system; everything else is not on the fake laptop's PATH. */
const TOOLS = [
  'sh',
  'cat',
  'tr',
  'sed',
  'awk',
  'grep',
  'head',
  'tail',
  'cut',
  'date',
  'uname',
  'dirname',
  'mkdir',
  'cp',
  'rm',
  'sleep',
  'curl',
  'openssl',
  'ps',
];
const NEEDED = ['curl', 'openssl', 'ssh'] as const;

/** Undefined where the machine has all that these tests need; else what it lacks, for the name of a skipped test. */
export const lacking: string | undefined = NEEDED.filter((tool) => where(tool) === undefined).map(
  (tool) => `no ${tool} on this machine`,
)[0];

export function where(tool: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find((path) => existsSync(path));
}

/** The CLI as far as the check asks it: it talks to the workspace of the only profile. */
const DATABRICKS = `#!/bin/sh
[ "$1" = --version ] && { echo "Databricks CLI v$FAKE_CLI"; exit; }
# As the real one: what the environment says comes before a profile.
[ -z "$DATABRICKS_HOST$DATABRICKS_TOKEN$DATABRICKS_CONFIG_PROFILE" ] || exit 3
[ -z "$FAKE_KEYRING" ] || exec sleep 600
host=$(sed -n 's/^host *= *//p' "$HOME/.databrickscfg") token=$(sed -n 's/^token *= *//p' "$HOME/.databrickscfg")
case "$1 $2" in
  'current-user me') exec curl -sf -H "Authorization: Bearer $token" "$host/api/2.0/preview/scim/v2/Me" ;;
  'clusters get') exec curl -sf -H "Authorization: Bearer $token" "$host/api/2.1/clusters/get?cluster_id=$3" ;;
esac
exit 1
`;
/** The real one reads the home of the user's account, whatever HOME says, and would really connect. */
const SSH = `#!/bin/sh
case $1 in
  -V) echo OpenSSH_9.9p1 >&2 ;;
  -G) touch=$HOME/.ssh/config; [ -e "$touch" ] || touch=/dev/null; exec ${where('ssh') ?? 'ssh'} -F "$touch" -G "$2" ;;
  *) echo "$FAKE_SSH_SAYS" >&2; exit "$FAKE_SSH" ;;
esac
`;
const CODE = `#!/bin/sh
case $1 in --version) echo 1.104.0 ;; --list-extensions) echo "$FAKE_EXTENSIONS" ;; esac
`;

interface How {
  readonly env?: Readonly<Record<string, string>>;
  readonly shell?: string;
  /** Without it the script in one file, as attendees get it. */
  readonly script?: string;
}

export interface Checked extends Outcome {
  /** The code of its last line, decoded. @throws when there is none. */
  readonly evidence: LaptopEvidence;
}

/** A laptop with a home of its own, and on its PATH nothing but what the test puts there. */
export function fakeLaptop() {
  const folder = mkdtempSync(join(tmpdir(), 'laptop-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [home, bin, tools] = ['home', 'bin', 'tools'].map((name) => join(folder, name)) as [string, string, string];
  for (const each of [home, bin, tools]) mkdirSync(each);
  for (const tool of TOOLS) {
    const path = where(tool);
    if (path !== undefined) symlinkSync(path, join(tools, tool));
  }
  const put = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  };
  const file = {
    ssh: join(home, '.ssh/config'),
    settings: join(home, '.config/Code/User/settings.json'),
    profile: join(home, '.databrickscfg'),
  };
  const oneFile = join(folder, 'check.sh');
  put(oneFile, IN_ONE_FILE);
  const laptop = {
    file,
    install: {
      databricks: () => put(join(bin, 'databricks'), DATABRICKS, 0o755),
      ssh: () => put(join(bin, 'ssh'), SSH, 0o755),
      code: () => put(join(bin, 'code'), CODE, 0o755),
      /** A script in the place of any program. */
      instead: (program: string, script: string) => put(join(bin, program), script, 0o755),
    },
    read: (path: string) => readFileSync(path, 'utf8'),
    put,
    signIn: (host: string, token: string) => put(file.profile, `[${NAME}]\nhost = ${host}\ntoken = ${token}\n`),
    /** What `databricks ssh setup` leaves. */
    setUp: (clusterId: string) =>
      put(
        file.ssh,
        `Host ${NAME}\n    User root\n    ConnectTimeout 360\n` +
          `    ProxyCommand "databricks" ssh connect --proxy --cluster=${clusterId} --auto-start-cluster=true\n`,
      ),
    check: async (
      workspace: string,
      args: readonly string[] = [],
      { env = {}, shell = 'sh', script = oneFile }: How = {},
    ): Promise<Checked> => {
      const outcome = await runProgram(
        where(shell) ?? shell,
        [script, '--workspace', workspace, '--name', NAME, ...args],
        {
          PATH: `${bin}:${tools}`,
          HOME: home,
          FAKE_CLI: '1.8.0',
          FAKE_EXTENSIONS: 'ms-vscode-remote.remote-ssh',
          FAKE_SSH: '255',
          FAKE_SSH_SAYS: '',
          ...env,
        },
      );
      return {
        ...outcome,
        get evidence() {
          return decoded(outcome.stdout);
        },
      };
    },
  };
  return laptop;
}

function decoded(stdout: string): LaptopEvidence {
  const read = readLaptopCode(/^Your code.*: (\S+)$/m.exec(stdout)?.[1] ?? '');
  if (!read.ok) throw new Error(`${read.why}\n${stdout}`);
  return read.evidence;
}

/** Everything there and signed in to this workspace. */
export function readyLaptop(host: string, token: string) {
  const laptop = fakeLaptop();
  laptop.install.databricks();
  laptop.install.ssh();
  laptop.install.code();
  laptop.signIn(host, token);
  return laptop;
}

/**
 * Stands between a laptop and a workspace, as a company's proxy that opens TLS does.
 * @returns its address and the authority to trust.
 */
export async function interceptor(
  workspace: string,
  subject: string,
): Promise<{ readonly url: string; readonly authority: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'interceptor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      subject,
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    ],
    { stdio: 'ignore' },
  );
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const onward = request(
      workspace + (incoming.url ?? '/'),
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.once('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, authority: cert };
}

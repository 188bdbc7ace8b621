import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Of the worker's environment, what says where programs, certificates and proxies are. */
const PASSED_ON = [
  'LANG',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
];

export interface OwnHome {
  readonly folder: string;
  /** For every program that is started here. */
  readonly env: Readonly<Record<string, string>>;
  readonly knownHosts: string;
  remove(): Promise<void>;
}

/**
 * A home of its own for the CLI and ssh, so that nothing of the worker's ~/.ssh, ~/.databricks or ~/.databrickscfg is
 * read or written. ssh takes its home from the list of users, whatever HOME says: so it is told to read no
 * configuration at all.
 */
export async function ownHome(env: NodeJS.ProcessEnv, ssh: string | undefined): Promise<OwnHome> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-canary-'));
  const programs = join(folder, 'bin');
  await mkdir(programs);
  if (ssh !== undefined) {
    const quoted = `'${ssh.replaceAll("'", `'\\''`)}'`;
    await writeFile(
      join(programs, 'ssh'),
      `#!/bin/sh\nexec ${quoted} -F none -o IdentityAgent=none -o GlobalKnownHostsFile=/dev/null "$@"\n`,
      { mode: 0o700 },
    );
  }
  return {
    folder,
    knownHosts: join(folder, 'known_hosts'),
    env: {
      ...Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
      PATH: [programs, env['PATH'] ?? ''].join(delimiter),
      HOME: folder,
      TMPDIR: folder,
      NO_COLOR: '1',
      DATABRICKS_CONFIG_FILE: join(folder, 'no-profiles'),
    },
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

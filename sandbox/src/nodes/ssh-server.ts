import type { Cluster } from '../clusters/cluster-model.ts';
import type { Principal } from '../identity/principals.ts';
import type { Machine, RunningProgram } from './machine/machine.ts';
import type { RunningTask, SshServerTask } from './nodes.ts';

/** Only what a path on the node may be made of; the parameters come from whoever submitted the run. */
const VERSION = /^[\w.+-]{1,100}$/;

const NO_VERSION: RunningTask = {
  started: Promise.resolve(),
  ended: Promise.resolve({
    succeeded: false,
    output: '',
    error: 'The parameter version of the SSH server is missing, or is no version.',
  }),
  cancel() {},
};

/** Serves SSH on a node until nobody needs it, with the CLI that lies in the user's workspace folder. */
export function serveSsh(
  machine: Machine,
  cluster: Cluster,
  runAs: Principal,
  task: SshServerTask,
  env: Readonly<Record<string, string>>,
): RunningTask {
  const argv = sshServerCommand(task, cluster.id, runAs.userName);
  if (!argv) return NO_VERSION;
  // A server from before would keep its port and its clients.
  const begun = machine
    .run({ argv: ['/usr/bin/pkill', '-f', 'databricks_cli'], env, input: '' })
    .ended.then((): RunningProgram => machine.run({ argv, env, cwd: '/root', input: '' }));
  return {
    started: begun.then((program) => program.started),
    ended: begun
      .then((program) => program.ended)
      .then(({ code, stdout, stderr }) => {
        const output = stdout + stderr;
        return code === 0
          ? { succeeded: true, output }
          : {
              succeeded: false,
              output,
              error: `SSH server exited with code ${code}. Last server logs:\n${output.slice(-2_000)}`,
            };
      }),
    cancel: () => void begun.then((program) => program.stop()),
  };
}

/**
 * The flags of `databricks ssh server` and the parameters that they are filled from. Which of them a CLI gives
 * depends on how old it is: every one knows those that it gives.
 */
const FLAGS = [
  ['session-id', 'sessionId'],
  ['serverless', 'serverless'],
  ['secret-scope-name', 'secretScopeName'],
  ['keys-secret-scope-name', 'keysSecretScopeName'],
  ['authorized-key-secret-name', 'authorizedKeySecretName'],
  ['max-clients', 'maxClients'],
  ['shutdown-delay', 'shutdownDelay'],
  ['version', 'version'],
  ['usage-policy-id', 'usagePolicyId'],
] as const;

/**
 * The command line of the uploaded CLI that serves SSH, as the bootstrap notebook puts it together
 * (docs/facts/ssh-and-claude.md section 2).
 * @returns undefined when the parameters name no version.
 */
export function sshServerCommand(
  { parameters }: SshServerTask,
  clusterId: string,
  userName: string,
): string[] | undefined {
  const { version = '' } = parameters;
  if (!VERSION.test(version) || version.includes('..')) return undefined;
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  // Builds of the CLI that are no release carry no version in the name of their folder.
  const folder = version.includes('dev') ? `databricks_cli_linux_${arch}` : `databricks_cli_${version}_linux_${arch}`;
  return [
    `/Workspace/Users/${userName}/.databricks/ssh-tunnel/${version}/${folder}/databricks`,
    'ssh',
    'server',
    `--cluster=${clusterId}`,
    ...FLAGS.flatMap(([flag, name]) => (parameters[name] ? [`--${flag}=${parameters[name]}`] : [])),
    '--log-level=info',
    '--log-format=json',
    '--log-file=stdout',
  ];
}

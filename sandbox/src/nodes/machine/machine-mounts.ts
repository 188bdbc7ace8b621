import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { OWN_FOLDERS } from './machine-root.ts';
import type { Login } from './machine-root.ts';

/** A folder of the sandbox that a node sees. */
export interface Mount {
  /** On this machine. */
  readonly from: string;
  /** On the node. */
  readonly to: string;
  readonly writable: boolean;
}

export interface MachinePlan {
  /** Laid out by {@link layOutRoot}. */
  readonly root: string;
  /** Where the sockets lie that lead out of the node. */
  readonly socketFolder: string;
  /** The folder of node-agent.py and node-python.py. */
  readonly programs: string;
  readonly hostName: string;
  /** The workspace's own port, where the node finds it too. */
  readonly workspacePort: number;
  readonly mounts: readonly Mount[];
  readonly login: Login;
  /** Whether this process is root: the node's root is then limited by capabilities, else by a user namespace. */
  readonly privileged: boolean;
}

/**
 * What root in a container may do by custom: nothing that reaches beyond its own files and processes. Without
 * CAP_SYS_CHROOT and the two ids no sshd, without CAP_AUDIT_WRITE none with a terminal.
 */
const CAPABILITIES = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_NET_BIND_SERVICE',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_SYS_CHROOT',
];

const MERGED = ['bin', 'sbin', 'lib', 'lib64', 'lib32', 'libx32'];

/** What a machine runs first. */
export const agentCommand = ({ workspacePort }: MachinePlan): string[] => [
  '/usr/bin/python3',
  '-I',
  '/run/node-agent.py',
  String(workspacePort),
];

/**
 * Options for bubblewrap: a machine of its own inside this one (docs/facts/ssh-and-claude.md section 1).
 * /proc is read-only because some of it belongs to the whole computer and asks root for no capability: core_pattern
 * would run a program out there.
 */
export function bubblewrapOptions(plan: MachinePlan): string[] {
  const { root, login, privileged } = plan;
  return [
    '--die-with-parent',
    ...['pid', 'ipc', 'uts', 'net', 'cgroup-try'].map((space) => `--unshare-${space}`),
    ...(privileged
      ? ['--cap-drop', 'ALL', ...CAPABILITIES.flatMap((one) => ['--cap-add', one])]
      : ['--unshare-user', '--uid', String(login.uid), '--gid', String(login.gid)]),
    '--hostname',
    plan.hostName,
    '--clearenv',
    '--chdir',
    '/',
    '--tmpfs',
    '/',
    '--ro-bind',
    '/usr',
    '/usr',
    ...MERGED.flatMap(likeHere),
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--remount-ro',
    '/proc',
    '--tmpfs',
    '/run',
    '--dir',
    '/run/sshd',
    '--dir',
    '/var/lib',
    '--symlink',
    '/run',
    '/var/run',
    ...['home', 'mnt', 'srv', 'dbfs', 'Volumes', 'Workspace/Users'].flatMap((name) => ['--dir', `/${name}`]),
    ...Object.entries(OWN_FOLDERS).flatMap(([to, own]) => ['--bind', join(root, own), to]),
    '--ro-bind',
    plan.socketFolder,
    '/run/sandbox',
    ...['node-agent.py', 'node-python.py'].flatMap((name) => ['--ro-bind', join(plan.programs, name), `/run/${name}`]),
    ...plan.mounts.flatMap(({ from, to, writable }) => [writable ? '--bind' : '--ro-bind', from, to]),
  ];
}

/** `/bin` and its kin as they are on this machine: links into /usr, or folders of their own. */
function likeHere(name: string): string[] {
  const here = lstatSync(`/${name}`, { throwIfNoEntry: false });
  if (!here) return [];
  return here.isSymbolicLink()
    ? ['--symlink', readlinkSync(`/${name}`), `/${name}`]
    : ['--ro-bind', `/${name}`, `/${name}`];
}

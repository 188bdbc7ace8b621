import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of a node that are its own to change; everything else it sees is the machine's, read-only. */
export const OWN_FOLDERS = {
  '/root': 'root',
  '/opt': 'opt',
  '/usr/local': 'usr-local',
  '/etc': 'etc',
  '/databricks': 'databricks',
  '/local_disk0': 'local_disk0',
  '/var/log': 'var-log',
  '/var/tmp': 'var-tmp',
  '/tmp': 'tmp',
} as const;

/** Of the machine's /etc only what programs need and nobody minds: no keys, no passwords, no host names. */
const FROM_ETC = [
  'alternatives',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'protocols',
  'services',
  'ssl/certs',
  'ssl/openssl.cnf',
  'ca-certificates.conf',
  'python3',
  'python3.11',
  'bash.bashrc',
  'nsswitch.conf',
  'login.defs',
  'shells',
  'terminfo',
  'inputrc',
  'gitconfig',
];

export interface Login {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Lays out the root of a new node below `folder`, once: afterwards the folder belongs to whoever is root on the node,
 * and nothing outside of the node may write there, since any part of it may have become a link.
 * @param login the ids that `root` has on the node (docs/facts/ssh-and-claude.md section 1: without privileges there is
 * only one, and sshd wants not to be 0 then).
 */
export function layOutRoot(folder: string, hostName: string, login: Login): void {
  if (existsSync(folder)) return;
  for (const own of Object.values(OWN_FOLDERS)) mkdirSync(join(folder, own), { recursive: true });
  for (const shared of ['tmp', 'var-tmp']) chmodSync(join(folder, shared), 0o1777);
  for (const sub of ['bin', 'sbin', 'lib', 'share', 'etc'])
    mkdirSync(join(folder, 'usr-local', sub), { recursive: true });
  layOutEtc(join(folder, 'etc'), hostName, login);
  layOutPython(join(folder, 'databricks', 'python3'));
}

function layOutEtc(etc: string, hostName: string, { uid, gid }: Login): void {
  mkdirSync(join(etc, 'ssl'), { recursive: true });
  for (const name of FROM_ETC) {
    const source = join('/etc', name);
    if (lstatSync(source, { throwIfNoEntry: false }))
      cpSync(source, join(etc, name), { recursive: true, verbatimSymlinks: true });
  }
  const write = (name: string, text: string): void => {
    writeFileSync(join(etc, name), text);
  };
  write(
    'passwd',
    `root:x:${uid}:${gid}:root:/root:/bin/bash\n` +
      'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' +
      'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n',
  );
  write('group', `root:x:${gid}:\nnogroup:x:65534:\ntty:x:5:\n`);
  // No password: nobody signs in with one, and sshd refuses accounts that are locked.
  write('shadow', 'root:*:20000:0:99999:7:::\nsshd:!:20000::::::\n');
  write('hostname', `${hostName}\n`);
  write('hosts', `127.0.0.1 localhost ${hostName}\n::1 localhost\n`);
  write('resolv.conf', '# A node of the sandbox has no network but the workspace.\n');
  write('os-release', 'PRETTY_NAME="Databricks sandbox node"\nNAME="Debian GNU/Linux"\nID=debian\n');
  write(
    'profile',
    'export PATH="${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}"\nfor script ' +
      'in /etc/profile.d/*.sh; do [ -r "$script" ] && . "$script"; done\nunset script\n',
  );
  mkdirSync(join(etc, 'profile.d'));
  mkdirSync(join(etc, 'ssh'));
}

/** The interpreter where a Databricks Runtime has it. A runtime's own packages are not there. */
function layOutPython(python: string): void {
  mkdirSync(join(python, 'bin'), { recursive: true });
  for (const name of ['python', 'python3']) symlinkSync('/usr/bin/python3', join(python, 'bin', name));
}

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Machine } from './machine/machine.ts';
import { layOutRoot } from './machine/machine-root.ts';
import { LOGIN, PRIVILEGED } from './machine/login.ts';

const NEEDED = [
  ['bwrap', ['--version'], 'bubblewrap'],
  ['/usr/bin/python3', ['--version'], 'python3'],
] as const;

/**
 * Why nodes cannot be real on this computer, as a sentence with what to do; undefined when they can. Starts one for a
 * moment.
 */
export async function whyNotReal(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Nodes can be real on Linux only: they are simulated here.';
  for (const [command, args, debian] of NEEDED) {
    try {
      await promisify(execFile)(command, [...args], { timeout: 10_000 });
    } catch {
      return (
        `Nodes cannot be real here without ${command}: install it (Debian: apt-get install ${debian} ` +
        'openssh-server).'
      );
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'dbx-'));
  const root = join(folder, 'root');
  try {
    layOutRoot(root, 'probe', LOGIN);
    const machine = await Machine.start(
      {
        root,
        socketFolder: folder,
        programs: join(import.meta.dirname, 'machine'),
        hostName: 'probe',
        workspacePort: 7_700,
        mounts: [],
        login: LOGIN,
        privileged: PRIVILEGED,
      },
      (socket) => socket.destroy(),
    );
    await machine.stop();
    return undefined;
  } catch (error) {
    return `Nodes cannot be real here: bubblewrap could not start one. ${(error as Error).message}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

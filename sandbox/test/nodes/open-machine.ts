import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Machine } from '../../src/nodes/machine/machine.ts';
import type { Mount } from '../../src/nodes/machine/machine-mounts.ts';
import { layOutRoot } from '../../src/nodes/machine/machine-root.ts';
import { LOGIN, PRIVILEGED } from '../../src/nodes/machine/login.ts';

export const WORKSPACE_PORT = 7_474;
const PROGRAMS = join(import.meta.dirname, '..', '..', 'src', 'nodes', 'machine');
export const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };

/** A node whose workspace answers with the path it was asked for; ended with the test. */
export async function openMachine(mounts: (folder: string) => readonly Mount[] = () => []) {
  const folder = mkdtempSync(join(tmpdir(), 'dbx-'));
  const root = join(folder, 'root');
  layOutRoot(root, 'ip-10-139-64-4', LOGIN);
  const workspace = createServer((request, response) => response.end(`asked for ${request.url}`));
  const machine = await Machine.start(
    {
      root,
      socketFolder: folder,
      programs: PROGRAMS,
      hostName: 'ip-10-139-64-4',
      workspacePort: WORKSPACE_PORT,
      mounts: mounts(folder),
      login: LOGIN,
      privileged: PRIVILEGED,
    },
    (socket) => workspace.emit('connection', socket),
  );
  onTestFinished(async () => {
    await machine.stop();
    workspace.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  });
  const shell = async (command: string) => {
    const { code, stdout, stderr } = await machine.run({
      argv: ['/bin/bash', '-c', command],
      env: ENVIRONMENT,
      input: '',
    }).ended;
    return { code, printed: stdout.trim(), complained: stderr.trim() };
  };
  return { folder, machine, shell };
}

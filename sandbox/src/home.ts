import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that a sandbox lives in. What it keeps there lies open for its owner only:
 * `files/Volumes` and `files/Workspace` are what volumes and workspace folders hold, `nodes` the roots of nodes that
 * are real, `apps` those of apps that run.
 */
export interface Home {
  readonly root: string;
  /** Holds `Volumes` and `Workspace`. */
  readonly files: string;
  readonly nodes: string;
  readonly apps: string;
  /** Removes what is not to outlive the sandbox. */
  leave(): void;
}

/** @param kept a folder that outlives the sandbox; a temporary one without it. */
export function openHome(kept?: string): Home {
  if (kept !== undefined) mkdirSync(kept, { recursive: true, mode: 0o700 });
  const root = kept ?? mkdtempSync(join(tmpdir(), 'databricks-sandbox-'));
  const files = join(root, 'files');
  const nodes = join(root, 'nodes');
  const apps = join(root, 'apps');
  for (const folder of [join(files, 'Volumes'), join(files, 'Workspace'), nodes, apps])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    root,
    files,
    nodes,
    apps,
    leave() {
      if (kept !== undefined) return;
      try {
        rmSync(root, { recursive: true, force: true });
      } catch {
        // Folders in one another by the ten thousand, left by a node, are too much for it.
        spawnSync('rm', ['-rf', '--', root]);
      }
    },
  };
}

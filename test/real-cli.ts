import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI_RELEASE } from '../src/domain/replayed/made/databricks-cli.ts';
import { findOnPath } from '../src/executable.ts';

export interface RealCli {
  readonly path: string;
  /** A folder with the archives that its release would have, for `--releases-dir`. Removed when this process ends. */
  readonly releases: () => string;
}

/** The `databricks` command line, from DATABRICKS_CLI or the PATH; a sentence where there is none that is a release. */
export function realCli(env: NodeJS.ProcessEnv = process.env): RealCli | { readonly absent: string } {
  const path = env['DATABRICKS_CLI'] || findOnPath('databricks', env['PATH']);
  if (path === undefined)
    return { absent: 'needs the databricks CLI: install it, or set DATABRICKS_CLI to where it is' };
  const version = /v(\d+\.\d+\.\d+)\s*$/.exec(
    execFileSync(path, ['--version'], { encoding: 'utf8', env: { HOME: tmpdir() } }),
  )?.[1];
  if (version === undefined) return { absent: `needs a release of the databricks CLI, and ${path} is none` };
  let folder: string | undefined;
  return {
    path,
    releases() {
      folder ??= packed(path, version);
      return folder;
    },
  };
}

/** Both archives hold the same program: nobody looks into the one for another processor. */
function packed(program: string, version: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-releases-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const source =
    'import sys, zipfile\nfor name in sys.argv[2:]:\n    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED, ' +
    'compresslevel=1) as archive:\n        archive.write(sys.argv[1], "databricks")\n';
  execFileSync('python3', ['-c', source, program, ...CLI_RELEASE.archives(version)], { cwd: folder });
  return folder;
}

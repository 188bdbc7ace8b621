import { join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import { DidNotStart } from '../rehearsal/embedded/did-not-start.ts';
import { findOnPath, isExecutable } from '../../executable.ts';
import { placeOnce } from './place-once.ts';
import { reportingWhile, toStderr } from './download-progress.ts';
import type { Report } from './download-progress.ts';
import { runCommand } from './run-command.ts';
import { downloadWithSdk } from './sdk-download.ts';

/** The newest release that `go install` can build (docs/facts/temporal.md section 1). */
const GO_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const GO_DEADLINE_MS = 20 * 60_000;
/** From this server on, update-with-start needs no switch. */
const OLDEST_SERVER = [1, 28] as const;

export interface TemporalBinary {
  readonly path: string;
  readonly source: 'path' | 'cache' | 'download' | 'go install';
}

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly report?: Report;
}

/**
 * Finds the Temporal command, or fetches it: `temporal` on the PATH, the project's cache, the SDK's own download,
 * `go install`. Idempotent, and safe to call from several processes at once. A caller with TEMPORAL_ADDRESS needs
 * none of it.
 * @throws {DidNotStart} that says what was tried and what to install.
 */
export async function findTemporal({
  env = process.env,
  report = toStderr,
}: FindOptions = {}): Promise<TemporalBinary> {
  const tried: string[] = [];

  const onPath = findOnPath('temporal', env['PATH']);
  if (onPath === undefined) tried.push('temporal on the PATH: there is none');
  else {
    const unfit = await unfitness(onPath);
    if (unfit === undefined) return { path: onPath, source: 'path' };
    tried.push(`temporal on the PATH (${onPath}): ${unfit}`);
  }

  const cached = join(cacheFolder(env), 'temporal', 'temporal');
  if (isExecutable(cached)) return { path: cached, source: 'cache' };

  let source: TemporalBinary['source'] = 'cache';
  const placed = await placeOnce(
    cached,
    () => isExecutable(cached),
    async (staging) => {
      const download = await reportingWhile(
        'Downloading the Temporal server',
        report,
        downloadWithSdk('dev-server', staging, env),
      );
      if ('file' in download) {
        const unfit = await unfitness(download.file);
        if (unfit === undefined) {
          source = 'download';
          return download.file;
        }
        tried.push(`download: ${unfit}`);
      } else tried.push(`download: ${download.reason}`);

      const built = await buildWithGo(staging, env, report);
      if ('file' in built) {
        source = 'go install';
        return built.file;
      }
      tried.push(`go install: ${built.reason}`);
      return undefined;
    },
    report,
  );
  if (placed) return { path: cached, source };

  throw new DidNotStart(
    `The Temporal server, which keeps a workshop's state, was not found and could not be fetched.\n` +
      tried.map((line) => `  - ${line}\n`).join('') +
      'Do one of these and run this again:\n' +
      '  - install the Temporal CLI (https://docs.temporal.io/cli/setup-cli; on macOS: brew install temporal)\n' +
      '  - install Go (https://go.dev/doc/install), from which it is built\n' +
      '  - set TEMPORAL_ADDRESS to the address of a Temporal server that is already running',
  );
}

async function buildWithGo(
  staging: string,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<{ file: string } | { reason: string }> {
  // Where Go's own instructions put it, for shells that do not have it on the PATH.
  const go = findOnPath('go', `${env['PATH'] ?? ''}:/usr/local/go/bin`);
  if (go === undefined) return { reason: 'Go is not installed' };
  const { GOOS: _os, GOARCH: _arch, ...rest } = env;
  const { ok, reason } = await reportingWhile(
    'Building the Temporal server with Go (once; about three minutes)',
    report,
    runCommand(go, ['install', GO_MODULE], {
      cwd: staging,
      env: { ...rest, GOBIN: staging, CGO_ENABLED: '0' },
      deadlineMs: GO_DEADLINE_MS,
    }),
  );
  if (!ok) return { reason };
  const file = join(staging, 'temporal');
  const unfit = await unfitness(file);
  return unfit === undefined ? { file } : { reason: unfit };
}

/** Why a Temporal command cannot be used; undefined if it can. */
async function unfitness(path: string): Promise<string | undefined> {
  const { ok, output, reason } = await runCommand(path, ['--version'], { deadlineMs: 20_000 });
  if (!ok) return `does not run: ${reason}`;
  const version = /Server (\d+)\.(\d+)/.exec(output);
  if (!version) return "is not the Temporal CLI, or too old to tell its server's version";
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const [wantedMajor, wantedMinor] = OLDEST_SERVER;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `its server is ${major}.${minor}, older than ${wantedMajor}.${wantedMinor}`;
}

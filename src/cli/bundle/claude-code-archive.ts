import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE, CLAUDE_CODE_PACKAGE, PINNED_CLAUDE_CODE } from '../../domain/replayed/made/claude-code.ts';
import { cacheFolder } from '../../cache-folder.ts';
import { placeOnce } from '../downloads/place-once.ts';
import { reportingWhile, toStderr, type Report } from '../downloads/download-progress.ts';
import { runCommand } from '../downloads/run-command.ts';

export interface ClaudeCodeArchive {
  readonly path: string;
  readonly sha256: string;
}

/** 80 MB or more on a slow line. */
const DEADLINE_MS = 15 * 60_000;

/**
 * The archive of Claude Code's native program for Linux on x86_64, as npm has it: from the cache, or through npm, which
 * checks it against the registry's own checksum; the pinned version against ours, too. A sentence when it cannot be
 * had.
 */
export async function claudeCodeArchive(
  version: string,
  { env = process.env, report = toStderr }: { env?: NodeJS.ProcessEnv; report?: Report } = {},
): Promise<ClaudeCodeArchive | { readonly reason: string }> {
  const target = join(cacheFolder(env), 'claude-code', BUNDLE.archive(version));
  let reason = '';
  const isThere = () => existsSync(target) && why(target) === '';
  const made = isThere() || (await placeOnce(target, isThere, fetch, report));
  return made ? { path: target, sha256: sumOf(target) } : { reason };

  function why(file: string): string {
    if (version !== PINNED_CLAUDE_CODE.version || sumOf(file) === PINNED_CLAUDE_CODE.sha256) return '';
    return (
      `${CLAUDE_CODE_PACKAGE}@${version} does not have the checksum that this program pins: it was ` +
      'changed on its way, or in the registry'
    );
  }

  async function fetch(staging: string): Promise<string | undefined> {
    mkdirSync(staging, { recursive: true });
    const packed = await reportingWhile(
      `Fetching Claude Code ${version} from npm`,
      report,
      runCommand(
        'npm',
        ['pack', `${CLAUDE_CODE_PACKAGE}@${version}`, '--pack-destination', staging, '--loglevel=error'],
        { cwd: staging, env, deadlineMs: DEADLINE_MS },
      ),
    );
    const file = readdirSync(staging).find((name) => name.endsWith('.tgz'));
    if (!packed.ok || file === undefined) {
      const unknown = /E404|ETARGET|No matching version/.test(packed.output);
      reason = unknown
        ? `npm has no ${CLAUDE_CODE_PACKAGE}@${version}`
        : `npm could not fetch ${CLAUDE_CODE_PACKAGE}@${version}: ${packed.reason || 'it left no file'}`;
      return undefined;
    }
    reason = why(join(staging, file));
    return reason === '' ? join(staging, file) : undefined;
  }
}

const sumOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import yauzl from 'yauzl';
import { CLI_RELEASE } from '../../domain/replayed/made/databricks-cli.ts';
import { cacheFolder } from '../../cache-folder.ts';
import { placeOnce } from '../downloads/place-once.ts';
import { reportingWhile, toStderr, type Report } from '../downloads/download-progress.ts';
import { runCommand } from '../downloads/run-command.ts';

export interface CliArchives {
  readonly files: readonly { readonly name: string; readonly path: string; readonly sha256: string }[];
  /** Whether the release's own checksums were there to compare with. */
  readonly compared: boolean;
}

/** Thirty megabytes on a slow line. */
const DEADLINE_S = 600;

/**
 * The databricks CLI for clusters as it lies in a folder, downloaded from its releases page. A sentence when something
 * is missing or wrong.
 */
export async function cliArchivesIn(
  folder: string,
  version: string,
): Promise<CliArchives | { readonly reason: string }> {
  const sums = readSums(join(folder, CLI_RELEASE.sums(version)));
  const files: { name: string; path: string; sha256: string }[] = [];
  for (const name of CLI_RELEASE.archives(version)) {
    const path = join(folder, name);
    if (!existsSync(path)) return { reason: `${path} is not there` };
    const bytes = readFileSync(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sums && sums.get(name) !== sha256)
      return {
        reason:
          `${path} does not have the checksum that ${CLI_RELEASE.sums(version)} has for it: it was ` +
          'changed, or half downloaded',
      };
    if (!(await holdsCli(bytes))) return { reason: `${path} is no archive with a program "databricks" in it` };
    files.push({ name, path, sha256 });
  }
  return { files, compared: sums !== undefined };
}

/** The same from the cache, or from the releases page, which needs the internet and curl. */
export async function cliArchives(
  version: string,
  { env = process.env, report = toStderr }: { env?: NodeJS.ProcessEnv; report?: Report } = {},
): Promise<CliArchives | { readonly reason: string }> {
  const target = join(cacheFolder(env), CLI_RELEASE.staged(version));
  let reason = '';
  const isThere = () => existsSync(target) && readdirSync(target).length > 0;
  const placed = isThere() || (await placeOnce(target, isThere, fetch, report));
  return placed ? cliArchivesIn(target, version) : { reason };

  async function fetch(staging: string): Promise<string | undefined> {
    const folder = join(staging, 'release');
    mkdirSync(folder);
    for (const name of [CLI_RELEASE.sums(version), ...CLI_RELEASE.archives(version)]) {
      const url = `${CLI_RELEASE.page(version)}/${name}`;
      // curl knows the proxies and the certificates of this computer.
      const got = await reportingWhile(
        `Fetching ${name}`,
        report,
        runCommand(
          'curl',
          [
            '-fsSL',
            '--proto-redir',
            '=https',
            '--connect-timeout',
            '15',
            '--max-time',
            String(DEADLINE_S),
            '-o',
            join(folder, name),
            url,
          ],
          { env, deadlineMs: (DEADLINE_S + 10) * 1_000 },
        ),
      );
      if (!got.ok) {
        reason = `${url} could not be fetched: ${got.reason}`;
        return undefined;
      }
    }
    const read = await cliArchivesIn(folder, version);
    if ('reason' in read) {
      reason = read.reason;
      return undefined;
    }
    return folder;
  }
}

function readSums(path: string): ReadonlyMap<string, string> | undefined {
  if (!existsSync(path)) return undefined;
  return new Map(
    [...readFileSync(path, 'utf8').matchAll(/^([0-9a-f]{64})[ *]+(\S+)$/gm)].map(([, sum = '', name = '']) => [
      name,
      sum,
    ]),
  );
}

async function holdsCli(bytes: Buffer): Promise<boolean> {
  try {
    const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true });
    for await (const { fileName } of zip.eachEntry()) if (fileName === 'databricks') return true;
  } catch {
    // It is no zip, or a damaged one.
  }
  return false;
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterFiles } from '../../bundle/on-cluster.ts';
import { BUNDLE } from '../../domain/replayed/made/claude-code.ts';
import { CLI_RELEASE } from '../../domain/replayed/made/databricks-cli.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import { claudeCodeArchive } from './claude-code-archive.ts';
import { cliArchives, cliArchivesIn } from './cli-archives.ts';
import { EXERCISE, pythonWheels } from './python-wheels.ts';
import { WrongInput } from '../input/exit.ts';

/** A file of the bundle, read only when it is needed: one of them is large. */
export interface BundledFile {
  /** Path below the scripts volume. */
  readonly name: string;
  readonly size: number;
  readonly bytes: () => Promise<Buffer>;
}

/** What clusters install, ready to be staged in this order: a checksum comes after what it is of. */
export interface Bundle {
  readonly volume: string;
  /** Of Claude Code's archive. */
  readonly sha256: string;
  readonly files: readonly BundledFile[];
  /** What had to be left out, and what follows; a sentence. */
  readonly missing: string | undefined;
}

const INIT_SCRIPTS = fileURLToPath(new URL('../../../init-scripts', import.meta.url));

interface Wanted {
  readonly wheels: boolean;
  /** A folder with the databricks CLI as it was downloaded by somebody. */
  readonly cliArchives: string | undefined;
  readonly say: (line: string) => void;
}

/**
 * @throws {WrongInput} when Claude Code cannot be had: without it there is nothing to stage. And when the folder of the
 * CLI holds something else.
 */
export async function bundleFor(plan: Plan, { wheels, cliArchives: given, say }: Wanted): Promise<Bundle> {
  const cli = await databricksCli(plan, given, say);
  const { version } = plan.claudeCode;
  const archive = await claudeCodeArchive(version, { report: say });
  if ('reason' in archive) {
    throw new WrongInput(
      `Claude Code ${version} cannot be had: ${archive.reason}. Nothing was uploaded. See that ` +
        '"npm view @anthropic-ai/claude-code version" answers here (proxy, registry), and that ' +
        'claudeCode.version in the plan is a version it has.',
    );
  }
  const folder = BUNDLE.claudeCode(version);
  const found = wheels ? await pythonWheels(EXERCISE, { report: say }) : undefined;
  return {
    volume: volumePath(plan.unityCatalog.scripts),
    sha256: archive.sha256,
    files: [
      await onDisk(`${folder}/${BUNDLE.archive(version)}`, archive.path),
      inMemory(`${folder}/${BUNDLE.sums}`, Buffer.from(`${archive.sha256}  ${BUNDLE.archive(version)}\n`)),
      ...(found && 'folder' in found
        ? await Promise.all(
            (await readdir(found.folder))
              .sort()
              .map((name) => onDisk(`${BUNDLE.wheels}/${name}`, join(found.folder, name))),
          )
        : []),
      ...cli.files,
      ...(await clusterFiles(INIT_SCRIPTS)).map(({ name, bytes }) => inMemory(name, bytes)),
    ],
    missing: sentences(
      found && 'reason' in found
        ? `Without the packages of the exercise: ${found.reason}. Clusters with internet fetch them ` +
            'when "exercise-check" is typed; for others run this again where python3 with pip works.'
        : undefined,
      cli.missing,
    ),
  };
}

/** For clusters to hand to `databricks ssh`, where the plan pins a version. */
async function databricksCli(
  { databricksCli: { version } }: Plan,
  given: string | undefined,
  say: (line: string) => void,
): Promise<{ readonly files: readonly BundledFile[]; readonly missing?: string }> {
  if (version === undefined) {
    if (given !== undefined)
      throw new WrongInput(
        '--cli-archives is for the version of the databricks CLI that the plan pins, and the plan ' +
          'pins none. Write into it, like 1.14.0: databricksCli: {version: 1.14.0}',
      );
    return { files: [] };
  }
  const found = given === undefined ? await cliArchives(version, { report: say }) : await cliArchivesIn(given, version);
  if ('reason' in found) {
    const byHand =
      `Download ${[...CLI_RELEASE.archives(version), CLI_RELEASE.sums(version)].join(', ')} from ` +
      `https://github.com/databricks/cli/releases/tag/v${version} where that can be reached, and ` +
      'name their folder with --cli-archives';
    if (given !== undefined)
      throw new WrongInput(
        `The databricks CLI ${version} cannot be staged: ${found.reason}. Nothing was uploaded. ${byHand}.`,
      );
    return {
      files: [],
      missing:
        `Without the databricks CLI ${version}: ${found.reason}. People's first connections load it ` +
        `from GitHub and upload it. ${byHand}.`,
    };
  }
  if (!found.compared)
    say(
      `The databricks CLI ${version} was not compared with its release: ` +
        `${CLI_RELEASE.sums(version)} is not in ${given ?? 'the cache'}.`,
    );
  const folder = CLI_RELEASE.staged(version);
  return {
    files: [
      ...(await Promise.all(found.files.map(({ name, path }) => onDisk(`${folder}/${name}`, path)))),
      inMemory(
        `${folder}/${CLI_RELEASE.stagedSums}`,
        Buffer.from(found.files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('')),
      ),
    ],
  };
}

function sentences(...several: readonly (string | undefined)[]): string | undefined {
  const there = several.filter((one) => one !== undefined);
  return there.length === 0 ? undefined : there.join(' ');
}

const inMemory = (name: string, bytes: Buffer): BundledFile => ({ name, size: bytes.length, bytes: async () => bytes });
const onDisk = async (name: string, path: string): Promise<BundledFile> => ({
  name,
  size: (await stat(path)).size,
  bytes: () => readFile(path),
});

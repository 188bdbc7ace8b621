import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterFiles } from '../bundle/on-cluster.ts';
import { BUNDLE } from '../domain/claude-code.ts';
import type { Plan } from '../domain/plan.ts';
import { volumePath } from '../domain/volume-path.ts';
import { claudeCodeArchive } from '../embedded/claude-code-archive.ts';
import { wheelhouse } from '../embedded/wheelhouse.ts';
import { WrongInput } from './exit.ts';

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

const INIT_SCRIPTS = fileURLToPath(new URL('../../init-scripts', import.meta.url));

/** @throws {WrongInput} when Claude Code cannot be had: without it there is nothing to stage. */
export async function bundleFor(plan: Plan, { wheels, say }: { readonly wheels: boolean; readonly say: (line: string) => void }): Promise<Bundle> {
  const { version } = plan.claudeCode;
  const archive = await claudeCodeArchive(version, { report: say });
  if ('reason' in archive) {
    throw new WrongInput(`Claude Code ${version} cannot be had: ${archive.reason}. Nothing was uploaded. See that "npm view @anthropic-ai/claude-code version" answers here (proxy, registry), and that claudeCode.version in the plan is a version it has.`);
  }
  const folder = BUNDLE.claudeCode(version);
  const found = wheels ? await wheelhouse(join(INIT_SCRIPTS, 'exercise', 'requirements.txt'), { report: say }) : undefined;
  return {
    volume: volumePath(plan.unityCatalog.scripts),
    sha256: archive.sha256,
    files: [
      await onDisk(`${folder}/${BUNDLE.archive(version)}`, archive.path),
      inMemory(`${folder}/${BUNDLE.sums}`, Buffer.from(`${archive.sha256}  ${BUNDLE.archive(version)}\n`)),
      ...(found && 'folder' in found ? await Promise.all((await readdir(found.folder)).sort().map((name) => onDisk(`${BUNDLE.wheels}/${name}`, join(found.folder, name)))) : []),
      ...(await clusterFiles(INIT_SCRIPTS)).map(({ name, bytes }) => inMemory(name, bytes)),
    ],
    missing: found && 'reason' in found ? `Without the packages of the exercise: ${found.reason}. Clusters with internet fetch them when "exercise-check" is typed; for others run this again where python3 with pip works.` : undefined,
  };
}

const inMemory = (name: string, bytes: Buffer): BundledFile => ({ name, size: bytes.length, bytes: async () => bytes });
const onDisk = async (name: string, path: string): Promise<BundledFile> => ({ name, size: (await stat(path)).size, bytes: () => readFile(path) });

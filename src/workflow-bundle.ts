import { createHash, randomUUID } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { cacheFolder } from './cache-folder.ts';
import { WORKFLOW_CODE, WORKFLOW_CODE_THAT_TELLS } from './workflow-code.ts';

/** Where all replayed code lies (test/import-rules.test.ts); what it takes from elsewhere is in the lock file. */
const REPLAYED = ['src/workflows', 'src/domain/replayed'];
/** Older ones are of code that is not there any more. */
const KEPT = 5;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Converters {
  readonly payloadConverterPath: string;
  readonly failureConverterPath?: string | undefined;
}

/**
 * The workflows as one piece of code. To bundle them takes some seconds of processor time, so that what was made once
 * of the very same code is taken from the user's cache: a worker that is started again is back sooner. Idempotent; a
 * cache that cannot be read or written is done without.
 * @param tellsOfEnds where the worker has a sink for the ends of runs
 */
export async function workflowBundle(
  env: NodeJS.ProcessEnv,
  logger: Logger,
  { payloadConverterPath, failureConverterPath }: Converters,
  tellsOfEnds = false,
): Promise<WorkflowBundleWithSourceMap> {
  const code = tellsOfEnds ? WORKFLOW_CODE_THAT_TELLS : WORKFLOW_CODE;
  const converters = { payloadConverterPath, ...(failureConverterPath ? { failureConverterPath } : {}) };
  const make = () => bundleWorkflowCode({ ...code, ...converters, logger });
  const key = keyOf(ROOT, [process.version, JSON.stringify(converters), JSON.stringify(code)]);
  return key === undefined ? make() : keptOrMade(join(cacheFolder(env), 'workflow-bundles'), key, make);
}

/**
 * Names the code that a bundle is made of; undefined where the versions of its libraries are not known.
 * @param others what else a bundle depends on
 */
export function keyOf(root: string, others: readonly string[]): string | undefined {
  const hash = createHash('sha256');
  const add = (text: string | Buffer) => hash.update(`${text.length}:`).update(text);
  try {
    // The places of files are in it, for stack traces.
    for (const text of [root, ...others, readFileSync(join(root, 'package-lock.json'))]) add(text);
    add(readFileSync(join(root, 'src/workflow-code.ts')));
  } catch {
    return undefined;
  }
  for (const file of REPLAYED.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).toSorted()) {
    add(file);
    add(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

/** What was kept under this name, or what is made now and kept. */
export async function keptOrMade(
  folder: string,
  key: string,
  make: () => Promise<WorkflowBundleWithSourceMap>,
): Promise<WorkflowBundleWithSourceMap> {
  const place = join(folder, `${key}.js`);
  try {
    return { code: readFileSync(place, 'utf8'), sourceMap: '' };
  } catch {
    // Not there, or not to be read: it is made.
  }
  const made = await make();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Renamed when it is whole: another worker may look for it at the same moment.
    const draft = join(folder, `${key}.${randomUUID()}.draft`);
    writeFileSync(draft, made.code, { mode: 0o600 });
    renameSync(draft, place);
    forgetOld(folder);
  } catch {
    // A full disk or a folder of somebody else's costs the next start some seconds, and nothing more.
  }
  return made;
}

function forgetOld(folder: string): void {
  const files = readdirSync(folder).map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }));
  for (const { name } of files.toSorted((a, b) => b.at - a.at).slice(KEPT)) rmSync(join(folder, name), { force: true });
}

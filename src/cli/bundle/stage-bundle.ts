import { posix } from 'node:path';
import { DatabricksError, type Workspace } from '../../databricks/workspace.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Bundle } from './bundle-for.ts';
import { WrongInput } from '../input/exit.ts';

/** Beyond it, what is going on is said. */
const LARGE = 5_000_000;

/**
 * Puts a bundle into the scripts volume, which must be there.
 * @throws {WrongInput} when the volume is not there or may not be written.
 */
export async function stageIn(
  { files, host }: Workspace,
  plan: Plan,
  bundle: Bundle,
  say: (line: string) => void,
): Promise<{ name: string; size: number; done: string }[]> {
  const staged: { name: string; size: number; done: string }[] = [];
  const made = new Set<string>();
  for (const { name, size, bytes } of bundle.files) {
    const path = `${bundle.volume}/${name}`;
    try {
      if (await isThere(path, size, bytes)) {
        staged.push({ name, size, done: 'unchanged' });
        continue;
      }
      const folder = posix.dirname(path);
      if (folder !== bundle.volume && !made.has(folder)) {
        await files.createDirectory(folder);
        made.add(folder);
      }
      if (size > LARGE) say(`Uploading ${name} (${Math.round(size / 1_000_000)} MB)`);
      await files.upload(path, await bytes(), { overwrite: true });
      staged.push({ name, size, done: 'uploaded' });
    } catch (error) {
      if (error instanceof DatabricksError && [403, 404].includes(error.status)) {
        throw new WrongInput(
          `${bundle.volume} in ${host} cannot be written: ${error.message}. You need READ VOLUME ` +
            `and WRITE VOLUME on ${plan.unityCatalog.scripts}, which must exist: databricks volumes ` +
            `create ${plan.unityCatalog.scripts.split('.').join(' ')} MANAGED`,
        );
      }
      throw error;
    }
  }
  return staged;

  async function isThere(path: string, size: number, bytes: () => Promise<Buffer>): Promise<boolean> {
    if ((await files.head(path))?.size !== size) return false;
    if (size > LARGE) say(`Comparing ${path}`);
    // Size alone would let a damaged file stay, which every cluster then refuses.
    return (await files.download(path))?.equals(await bytes()) === true;
  }
}

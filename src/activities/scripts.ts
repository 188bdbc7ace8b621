import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../domain/plan.ts';
import { volumePath } from '../domain/volume-path.ts';
import type { ActivityDeps } from './deps.ts';
import { asFailure } from './failures.ts';
import type { Run } from './run.ts';

/** What a cluster of the workshop runs while it boots. */
export const INIT_SCRIPT = 'install-claude-code.sh';

/** Init scripts, put where clusters read them. */
export const scriptActivities = ({ workspace, initScripts }: ActivityDeps) => ({
  /** Idempotent: a script whose bytes are already there is left alone. Returns evidence for the checklist. */
  async uploadScripts(_run: Run, { plan }: { plan: Plan }): Promise<string> {
    const said: string[] = [];
    for (const name of await scriptsIn(initScripts)) {
      const bytes = await readFile(join(initScripts, name));
      const path = volumePath(plan.unityCatalog.scripts, name);
      try {
        if ((await workspace.files.download(path))?.equals(bytes)) {
          said.push(`${path} unchanged`);
          continue;
        }
        await workspace.files.upload(path, bytes, { overwrite: true });
        said.push(`${path} uploaded (${bytes.length} bytes)`);
      } catch (error) {
        throw asFailure(error, [`databricks fs cp ./init-scripts/${name} dbfs:${path} --overwrite`]);
      }
    }
    return said.join(', ');
  },

  /** Reads back what clusters will read. Returns the names whose bytes differ from this checkout's; empty is good. */
  async changedScripts(_run: Run, { plan }: { plan: Plan }): Promise<string[]> {
    const changed: string[] = [];
    for (const name of await scriptsIn(initScripts)) {
      const [here, there] = await Promise.all([
        readFile(join(initScripts, name)),
        workspace.files.download(volumePath(plan.unityCatalog.scripts, name)).catch((error: unknown) => {
          throw asFailure(error);
        }),
      ]);
      if (!there?.equals(here)) changed.push(name);
    }
    return changed;
  },
});

const scriptsIn = async (folder: string) => (await readdir(folder)).filter((name) => name.endsWith('.sh')).sort();

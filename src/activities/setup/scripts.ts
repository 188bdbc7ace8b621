import { posix } from 'node:path';
import { clusterFiles } from '../../bundle/on-cluster.ts';
import { BUNDLE, INIT_SCRIPT, PINNED_CLAUDE_CODE } from '../../domain/replayed/made/claude-code.ts';
import { CLI_RELEASE } from '../../domain/replayed/made/databricks-cli.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';
import type { ActivityDeps } from '../deps.ts';
import { asFailure } from '../retryable-failures.ts';
import type { Run } from '../run.ts';

/**
 * Init scripts and the helper commands they install, put where clusters read them. Claude Code itself is
 * `bin/workshop bundle`'s to stage.
 */
export const scriptActivities = ({ workspace, initScripts }: ActivityDeps) => {
  /**
   * Whether a cluster will find Claude Code itself. Without it the canary fails with the same words; saying so here
   * comes days earlier.
   */
  const claudeCodeIn = async (plan: Plan): Promise<string> => {
    // A plan from before `claudeCode` leaves the script its own version.
    const version = (plan as Partial<Plan>).claudeCode?.version ?? PINNED_CLAUDE_CODE.version;
    const path = volumePath(plan.unityCatalog.scripts, BUNDLE.claudeCode(version), BUNDLE.sums);
    const found = await workspace.files.head(path);
    return found === undefined
      ? `Claude Code ${version} is not staged: type bin/workshop bundle with the plan`
      : `Claude Code ${version} is staged`;
  };

  /** Nothing where the plan pins no version. */
  const databricksCliIn = async (plan: Plan): Promise<string[]> => {
    // A plan from before `databricksCli` pins none.
    const version = (plan as Partial<Plan>).databricksCli?.version;
    if (version === undefined) return [];
    const path = volumePath(plan.unityCatalog.scripts, CLI_RELEASE.staged(version), CLI_RELEASE.stagedSums);
    const found = await workspace.files.head(path);
    return [
      found === undefined
        ? `databricks CLI ${version} is not staged, and first connections will load it from GitHub: ` +
          'type bin/workshop bundle with the plan'
        : `databricks CLI ${version} is staged`,
    ];
  };

  return {
    /** Idempotent: a file whose bytes are already there is left alone. Returns evidence for the checklist. */
    async uploadScripts(_run: Run, { plan }: { plan: Plan }): Promise<string> {
      const evidence: string[] = [];
      for (const { name, bytes } of await clusterFiles(initScripts)) {
        const path = volumePath(plan.unityCatalog.scripts, name);
        try {
          if ((await workspace.files.download(path))?.equals(bytes)) {
            evidence.push(`${path} unchanged`);
            continue;
          }
          if (name.includes('/')) await workspace.files.createDirectory(posix.dirname(path));
          await workspace.files.upload(path, bytes, { overwrite: true });
          evidence.push(`${path} uploaded (${bytes.length} bytes)`);
        } catch (error) {
          throw asFailure(
            error,
            name === INIT_SCRIPT
              ? [`databricks fs cp ./init-scripts/${name} dbfs:${path} --overwrite`]
              : ['bin/workshop bundle, with the plan, as somebody who may write there'],
          );
        }
      }
      return [...evidence, await claudeCodeIn(plan), ...(await databricksCliIn(plan))].join(', ');
    },

    /** Reads back what clusters will read. Returns the names whose bytes differ from this checkout's; empty is good. */
    async changedScripts(_run: Run, { plan }: { plan: Plan }): Promise<string[]> {
      const changed: string[] = [];
      for (const { name, bytes } of await clusterFiles(initScripts)) {
        const there = await workspace.files.download(volumePath(plan.unityCatalog.scripts, name));
        if (!there?.equals(bytes)) changed.push(name);
      }
      return changed;
    },
  };
};

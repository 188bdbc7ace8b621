import type { Plan } from '../../domain/plan/plan.ts';
import { claudeCodeArchive } from '../bundle/claude-code-archive.ts';
import type { Nodes, NodesMode, Sandbox } from '../../../sandbox/index.ts';
import { connectWorkspace, meansAlreadyExists } from '../../databricks/workspace.ts';
import { bundleFor, type Bundle } from '../bundle/bundle-for.ts';
import { appPackages } from './app-packages.ts';
import { machines } from './machines.ts';
import { stageIn } from '../bundle/stage-bundle.ts';

export interface NodesWithBundle {
  readonly nodes: Nodes;
  /** A sentence about them. */
  readonly note: string;
  /** What their init scripts install; undefined where nothing really runs. */
  readonly bundle: Bundle | undefined;
  /** For apps whose code runs. */
  readonly appPackages?: string | undefined;
}

/** Whoever waits for a rehearsal would not wait for npm to try for minutes. */
const IMPATIENT = { npm_config_fetch_retries: '0', npm_config_fetch_timeout: '60000' };

/**
 * The machines of a sandbox, with what their init script installs: without that, it fails on a real one. Where Claude
 * Code cannot be had, they are simulated, and the note says so.
 * @throws {WrongInput} when they are to be real and cannot be.
 */
export async function nodesWithBundle(
  mode: NodesMode,
  plan: Plan,
  say: (line: string) => void,
): Promise<NodesWithBundle> {
  const opened = await machines(mode);
  if ((opened.nodes.mode ?? 'simulated') === 'simulated') return { ...opened, bundle: undefined };
  const archive = await claudeCodeArchive(plan.claudeCode.version, {
    env: { ...process.env, ...IMPATIENT },
    report: say,
  });
  if ('reason' in archive) {
    const note =
      `All nodes are simulated: nothing runs on them. Claude Code ${plan.claudeCode.version}, which ` +
      `real ones install, cannot be had: ${archive.reason}`;
    await opened.nodes.close();
    return { ...(await machines('simulated')), note, bundle: undefined };
  }
  const packages = await appPackages(mode, say);
  // For whoever asks for real nodes the exercise is installed as on a cluster; it is a hundred megabytes.
  const wheels = mode === 'real' && packages !== undefined;
  return {
    ...opened,
    appPackages: packages,
    bundle: await bundleFor({ ...plan, databricksCli: {} }, { wheels, cliArchives: undefined, say }),
  };
}

/** Puts the bundle where the clusters of a sandbox look for it; the catalog and the schema must be there. */
export async function stageInSandbox(sandbox: Sandbox, plan: Plan, bundle: Bundle): Promise<void> {
  const workspace = connectWorkspace({ host: sandbox.url, token: sandbox.adminToken, env: {}, requestsPerSecond: 200 });
  try {
    const [catalog = '', schema = '', name = ''] = plan.unityCatalog.scripts.split('.');
    await workspace.volumes
      .create({ catalog_name: catalog, schema_name: schema, name, volume_type: 'MANAGED' })
      .catch((error: unknown) => {
        if (!meansAlreadyExists(error)) throw error;
      });
    await stageIn(workspace, plan, bundle, () => {});
  } finally {
    await workspace.close();
  }
}

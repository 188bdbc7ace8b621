import { Command, Option } from 'commander';
import { number, PROFILE, whole } from '../../input/options.ts';

interface WorkerOptions {
  readonly profile?: readonly string[];
  readonly folder: string;
  readonly speed: number;
  readonly slowness: number;
  readonly only?: 'workflows';
  readonly steps?: number;
  readonly metricsPort?: number;
  readonly metricsHost: string;
}

/** `workshop worker`: does the work of every workshop in one workspace, or in several. */
export function workerCommand(): Command {
  return new Command('worker')
    .description(
      'Do the work of the workshops in one workspace, or in several; run one or more beside your Temporal server.',
    )
    .option(...PROFILE)
    .option('--folder <folder>', 'where letters and reports go', 'workshops')
    .option(
      '--speed <times>',
      'how much faster than the calendar the workspace lives (only a sandbox does)',
      number(1, 1_000),
      1,
    )
    .option(
      '--slowness <times>',
      'how many times longer everything may take because this computer rehearses for so many (only a sandbox waits)',
      number(1, 1_000),
      1,
    )
    .addOption(
      new Option('--only <part>', 'only the steps of workflows: for processes beside one that does everything').choices(
        ['workflows'],
      ),
    )
    .option('--steps <n>', 'so many steps of workflows at once (default: 150)', whole(1, 1_000))
    .option(
      '--metrics-port <port>',
      'answer /healthz, /readyz and /metrics there; not answered without',
      whole(0, 65_535),
    )
    .option('--metrics-host <address>', 'where to answer them; anything but this computer only on purpose', '127.0.0.1')
    .addHelpText('after', HELP)
    .action(async ({ profile, folder, metricsPort, metricsHost, ...options }: WorkerOptions) => {
      const stop = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
      const { writableFolder } = await import('../../input/writable-folder.ts');
      const writable = await writableFolder(folder, '--folder');
      const { runWorker } = await import('../../../worker.ts');
      const { environmentsOf } = await import('../../../workspace-from-environment.ts');
      const { sayReady } = await import('../../../worker-log.ts');
      await runWorker({
        env: process.env,
        environments: environmentsOf(process.env, profile),
        folder: writable,
        ...options,
        stop: stop.signal,
        health: metricsPort === undefined ? undefined : { host: metricsHost, port: metricsPort },
        onReady: ({ workspaces, temporal, health }) =>
          sayReady(
            process.env,
            `worker ready: ${workspacesIn(workspaces)}, Temporal ${temporal}` +
              (health === undefined ? '' : `, health and metrics ${health}`),
          ),
      });
    });
}

const workspacesIn = (served: readonly { readonly workspace: string; readonly workspaceId: string }[]): string =>
  served.map(({ workspace, workspaceId }) => `workspace ${workspace} (${workspaceId})`).join(', ');

const HELP = `
Example:
  DATABRICKS_HOST=https://adb-123.4.azuredatabricks.net DATABRICKS_TOKEN=… workshop worker

The workspace comes from DATABRICKS_HOST with DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET,
or DATABRICKS_CONFIG_PROFILE; several workspaces from --profile, once for each, or WORKSHOP_PROFILES=north,south, which
are profiles of ~/.databrickscfg or of the file that DATABRICKS_CONFIG_FILE names.
Temporal from TEMPORAL_ADDRESS and its like. Stops on SIGTERM and SIGINT.

It logs to stderr: WORKSHOP_LOG is TRACE, DEBUG, INFO, WARN (if not set) or ERROR, and WORKSHOP_LOG_FORMAT=json makes
each line a JSON object. What the metrics are and when to be alarmed: docs/operations.md`;

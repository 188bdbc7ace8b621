import { Command } from 'commander';
import { number } from '../../input/options.ts';

interface WorkerOptions {
  readonly folder: string;
  readonly speed: number;
}

/** `workshop worker`: does the work of every workshop in one workspace. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('Do the work of the workshops in one workspace; run one or more beside your Temporal server.')
    .option('--folder <folder>', 'where letters and reports go', 'workshops')
    .option(
      '--speed <times>',
      'how much faster than the calendar the workspace lives (only a sandbox does)',
      number(1, 1_000),
      1,
    )
    .addHelpText('after', HELP)
    .action(async ({ folder, speed }: WorkerOptions) => {
      const stop = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
      const { writableFolder } = await import('../../input/writable-folder.ts');
      const writable = await writableFolder(folder, '--folder');
      const { runWorker } = await import('../../../worker.ts');
      await runWorker({
        env: process.env,
        folder: writable,
        speed,
        stop: stop.signal,
        onReady: ({ workspace, workspaceId, temporal }) =>
          process.stdout.write(`worker ready: workspace ${workspace} (${workspaceId}), Temporal ${temporal}\n`),
      });
    });
}

const HELP = `
Example:
  DATABRICKS_HOST=https://adb-123.4.azuredatabricks.net DATABRICKS_TOKEN=… workshop worker

The workspace comes from DATABRICKS_HOST with DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET,
or DATABRICKS_CONFIG_PROFILE; Temporal from TEMPORAL_ADDRESS and its like. Stops on SIGTERM and SIGINT.`;

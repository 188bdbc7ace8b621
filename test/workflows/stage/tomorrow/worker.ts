/**
 * A worker of tomorrow, as a process: the product's own, but for a changed step in the lifecycle, in cohorts and in
 * attendees, each guarded with `patched` as docs/changing-a-running-workshop.md says.
 *
 *     node worker.ts <folder> <speed>
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, type BundleOptions } from '@temporalio/worker';
import { runWorker } from '../../../../src/worker.ts';
import { WORKFLOW_CODE } from '../../../../src/workflow-code.ts';

const here = import.meta.dirname;
const src = fileURLToPath(new URL('../../../../src', import.meta.url));
const workflows = join(src, 'workflows');

/** Today's file → tomorrow's, which imports today's. */
const CHANGED: ReadonlyMap<string, string> = new Map([
  [join(workflows, 'attendee', 'seat-reports.ts'), join(here, 'seat-reports.ts')],
  [join(workflows, 'cohort', 'totals-reports.ts'), join(here, 'totals-reports.ts')],
  [join(workflows, 'guide', 'during.ts'), join(here, 'during.ts')],
]);

type Configuration = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

const withTomorrow = (config: Configuration): Configuration => ({
  ...config,
  plugins: [
    ...(config.plugins ?? []),
    {
      apply: (compiler) => {
        compiler.hooks.normalModuleFactory.tap('tomorrow', (factory) => {
          factory.hooks.beforeResolve.tap('tomorrow', (asked) => {
            const isOurs = dirname(asked.contextInfo.issuer) === here;
            const changed = isOurs ? undefined : CHANGED.get(resolve(asked.context, asked.request));
            if (changed !== undefined) asked.request = changed;
          });
        });
      },
    },
  ],
});

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const [folder = '', speed = '1'] = process.argv.slice(2);
await runWorker({
  env: process.env,
  folder,
  speed: Number(speed),
  stop: stop.signal,
  workflowBundle: await bundleWorkflowCode({
    ...WORKFLOW_CODE,
    payloadConverterPath: join(workflows, 'shared', 'payload-converter.ts'),
    webpackConfigHook: withTomorrow,
    logger: new DefaultLogger('ERROR'),
  }),
  onReady: ({ workspaces: [served] }) =>
    process.stdout.write(`worker ready: workspace ${served?.workspace}, of tomorrow\n`),
});

import { Command } from 'commander';
import type { Plan } from '../../../domain/plan/plan.ts';
import { bundleFor, type Bundle } from '../../bundle/bundle-for.ts';
import { EXIT } from '../../input/exit.ts';
import { planAlone } from '../../input/files.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { stageIn } from '../../bundle/stage-bundle.ts';
import { withWorkspace } from '../../input/with-workspace.ts';
import { writableFolder } from '../../input/writable-folder.ts';
import { writeBundle } from '../../bundle/write-bundle.ts';

interface BundleOptions {
  readonly dryRun?: boolean;
  readonly output?: string;
  readonly wheels: boolean;
  readonly cliArchives?: string;
  readonly json?: boolean;
}

/** `workshop bundle`: what clusters install, put into the scripts volume. */
export function bundleCommand(): Command {
  return new Command('bundle')
    .description(
      "Fetch what clusters install (Claude Code from npm, checked; the helper commands; the packages of the exercise; the databricks CLI where the plan pins one) and put it into the plan's scripts volume.",
    )
    .argument('<file>', 'the plan, like workshop.example.yaml')
    .option('--dry-run', 'fetch and check everything, list what would be uploaded, upload nothing')
    .option('--output <folder>', 'write it into a folder instead, for somebody else to upload')
    .option('--no-wheels', 'leave out the packages of the exercise')
    .option(
      '--cli-archives <folder>',
      'take the databricks CLI from a folder, as it was downloaded from its releases page',
    )
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      "\nExamples:\n  workshop bundle my-workshop.yaml --dry-run\n  workshop bundle my-workshop.yaml\n  workshop bundle my-workshop.yaml --output ./bundle\n  databricks fs cp --recursive --overwrite ./bundle dbfs:/Volumes/main/default/init_scripts\n\nRuns again whenever something changed: what is there already is left alone. Needs npm, and pip for the exercise's packages.\n\nExit code 0: it is there. 1: it is there without the packages of the exercise or the databricks CLI. 2: it cannot be made; nothing was uploaded.",
    )
    .action(async (file: string, options: BundleOptions) => {
      const plan = await planAlone(file);
      // Before minutes of fetching.
      const output = options.output === undefined ? undefined : await writableFolder(options.output, '--output');
      const bundle = await bundleFor(plan, { wheels: options.wheels, cliArchives: options.cliArchives, say });
      if (output !== undefined) show(plan, bundle, await writeBundle(bundle, output), output, options);
      else if (options.dryRun)
        show(
          plan,
          bundle,
          bundle.files.map(({ name, size }) => ({ name, size, done: 'would be uploaded' })),
          bundle.volume,
          options,
        );
      else
        await withWorkspace(plan.workspace, async ({ workspace }) =>
          show(plan, bundle, await stageIn(workspace, plan, bundle, say), bundle.volume, options),
        );
      process.exitCode = bundle.missing === undefined ? EXIT.ok : EXIT.notAsWanted;
    });
}

function show(
  plan: Plan,
  bundle: Bundle,
  files: readonly { readonly name: string; readonly size: number; readonly done: string }[],
  where: string,
  { json }: BundleOptions,
): void {
  if (json)
    return printJson({
      claudeCode: plan.claudeCode.version,
      databricksCli: plan.databricksCli.version ?? null,
      where,
      files,
      missing: bundle.missing ?? null,
    });
  print(
    [
      `Claude Code ${plan.claudeCode.version}, sha256 ${bundle.sha256}`,
      `${where}:`,
      ...files.map(({ name, size, done }) => `  ${name} (${sizeText(size)}) ${done}`),
    ].join('\n'),
  );
  if (bundle.missing !== undefined) say(bundle.missing);
}

const sizeText = (bytes: number): string =>
  bytes < 100_000 ? `${bytes} bytes` : `${(bytes / 1_000_000).toFixed(1)} MB`;

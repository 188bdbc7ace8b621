import { Command } from 'commander';
import type { BundleOptions } from './make-bundle.ts';

/** `workshop bundle`: what clusters install, put into the scripts volume. */
export function bundleCommand(): Command {
  return new Command('bundle')
    .description(
      'Fetch what clusters install (Claude Code from npm, checked; the helper commands; the ' +
        'packages of the exercise; ' +
        "the databricks CLI where the plan pins one) and put it into the plan's scripts volume.",
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
    .addHelpText('after', HELP)
    .action(async (file: string, options: BundleOptions) => {
      const { makeBundle } = await import('./make-bundle.ts');
      await makeBundle(file, options);
    });
}

const HELP = `
Examples:
  workshop bundle my-workshop.yaml --dry-run
  workshop bundle my-workshop.yaml
  workshop bundle my-workshop.yaml --output ./bundle
  databricks fs cp --recursive --overwrite ./bundle dbfs:/Volumes/main/default/init_scripts

Runs again whenever something changed: what is there already is left alone. Needs npm, and pip for the exercise's \
packages.

Exit code 0: it is there. 1: it is there without the packages of the exercise or the databricks CLI. 2: it cannot be \
made; nothing was uploaded.`;

import { Command } from 'commander';
import { ALTHOUGH } from '../../../domain/replayed/claim/even-if-running-elsewhere.ts';
import { number } from '../../input/options.ts';
import { toBeNamed } from '../../which/id-argument.ts';
import type { TeardownOptions } from './run-teardown.ts';

/** `workshop teardown`: removes what a workshop left, and proves that it is gone. */
export function teardownCommand(): Command {
  return new Command('teardown')
    .description(
      "Remove everything that carries a workshop's id from the workspace, and prove that it is gone. Policy, scripts " +
        'and volumes stay.',
    )
    .argument('[id-or-file]', "the workshop's id, or its plan; not needed where only one runs")
    .option('--dry-run', "only list what would go, and what looks like a workshop's and stays")
    .option('--execute', 'remove it')
    .option('--keep-pool', 'keep the instance pool, with nothing idle')
    .option(
      '--speed <times>',
      'how much faster than the calendar the workspace lives (only a sandbox does)',
      number(1, 1_000),
      1,
    )
    .option(`--${ALTHOUGH}`, 'remove also what a run on another Temporal server works with')
    .option('--yes', 'do not ask')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', HELP)
    .action(async (idOrFile: string | undefined, options: TeardownOptions, self: Command) => {
      if (options.yes) toBeNamed(self, idOrFile);
      const { runTeardown } = await import('./run-teardown.ts');
      await runTeardown(idOrFile, options);
    });
}

const HELP = `
Examples:
  workshop teardown spring-apps --dry-run
  workshop teardown spring-apps --execute

Exit code 0: nothing is left (--execute), or the list was made (--dry-run). 1: something is left.`;

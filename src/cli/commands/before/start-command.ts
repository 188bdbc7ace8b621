import { Command } from 'commander';
import { ALTHOUGH } from '../../../domain/replayed/claim/even-if-running-elsewhere.ts';
import { number, PROFILE } from '../../input/options.ts';
import type { StartOptions } from './prepared-start.ts';

/** `workshop start`: from here on the guide is worked through, by itself. */
export function startCommand(): Command {
  return new Command('start')
    .description('Start a workshop: from now on its checklist is worked through until the proof that nothing is left.')
    .argument('<file>', 'the plan')
    .option('--yes', 'do not ask')
    .option(...PROFILE)
    .option('--adopt', 'take over what carries this id already, when its lifecycle is gone')
    .option(
      '--speed <times>',
      'how much faster than the calendar the workspace lives: what the sandbox was started with',
      number(1, 1_000),
      1,
    )
    .option(`--${ALTHOUGH}`, 'start although a run on another Temporal server seems alive')
    .option('--only <email>', 'a trial: every letter of this run goes to this address, and nothing to anybody else')
    .option('--json', 'print what was started as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, options: StartOptions) => {
      const { startWorkshop } = await import('./start-workshop.ts');
      await startWorkshop(file, options);
    });
}

const HELP = `
Example:
  workshop plan my-workshop.yaml && workshop start my-workshop.yaml

The workspace and its credentials come from the environment, as for "workshop worker"; Temporal from TEMPORAL_ADDRESS.`;

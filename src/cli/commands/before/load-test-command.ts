import { Command } from 'commander';
import { number, whole } from '../../input/options.ts';
import { osUser } from '../../input/who.ts';
import type { LoadTestOptions } from './run-load-test.ts';

/** `workshop load-test`: whether the model carries a whole room, measured. */
export function loadTestCommand(): Command {
  return new Command('load-test')
    .description(
      'Ask the model as much as a whole room does, for some minutes, and say how many people it ' +
        'carries. Costs tokens: ' +
        'it says how many first, and asks.',
    )
    .argument('[plan]', "your plan, for model, rate, prices and roster; the example's if not given")
    .option('--attendees <n>', "how many people; the plan's roster if not given", whole(1, 10_000))
    .option(
      '--minutes <n>',
      'how long; from two minutes on a burst at the beginning counts for nothing',
      number(0.05, 60),
      3,
    )
    .option('--for <id>', 'sign "serving-capacity" of this workshop off with the result, or say no')
    .option('--by <name>', 'who says so, with --for', osUser())
    .option('--yes', 'do not ask')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: LoadTestOptions) => {
      const { runLoadTest } = await import('./run-load-test.ts');
      await runLoadTest(file, options);
    });
}

const HELP = `
Examples:
  workshop load-test my-workshop.yaml --minutes 3
  workshop load-test --attendees 140 --minutes 5 --for spring-apps

Exit code 0: it carries everybody. 1: it does not, or the test was too short to say. Ctrl-C ends it with what \
is known.`;

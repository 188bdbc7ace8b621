import { Command } from 'commander';
import { whole } from '../../input/options.ts';
import type { CostOptions } from './show-cost.ts';

/** The guide's own number of people. */
const GUIDE_PEOPLE = 140;

/** `workshop cost`: the guide's table, then what it leaves out. */
export function costCommand(): Command {
  return new Command('cost')
    .description("What a workshop costs: the facilitator guide's table first, then everything, line by line.")
    .argument('[file]', 'a plan; workshop.example.yaml if not given')
    .option('--attendees <n>', `how many people; the plan's roster if not given, or ${GUIDE_PEOPLE}`, whole(1, 10_000))
    .option('--json', 'print both as JSON')
    .addHelpText('after', '\nExamples:\n  workshop cost --attendees 60\n  workshop cost my-workshop.yaml')
    .action(async (file: string | undefined, options: CostOptions) => {
      const { showCost } = await import('./show-cost.ts');
      await showCost(file, options, GUIDE_PEOPLE);
    });
}

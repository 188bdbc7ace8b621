import { Command } from 'commander';
import { estimate, estimateLines, guideTable, guideTableLines } from '../../../domain/money/cost.ts';
import { examplePlan, planAlone, planFrom } from '../../input/files.ts';
import { whole } from '../../input/options.ts';
import { print, printJson } from '../../terminal/output.ts';

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
    .action(async (file: string | undefined, { attendees, json }: { attendees?: number; json?: boolean }) => {
      const { plan, count } = await costed(file, attendees);
      const table = guideTable();
      const all = estimate(plan, count);
      if (json) return printJson({ guide: table, estimate: all });
      print(
        [
          'As in the facilitator guide: VM only, and only while the workshop lasts',
          ...guideTableLines(table).map((line) => `  ${line}`),
          '',
          `Everything, for ${count} people${file === undefined ? ' by the example plan' : ` by ${file}`}`,
          ...estimateLines(all).map((line) => `  ${line}`),
        ].join('\n'),
      );
    });
}

async function costed(file: string | undefined, attendees: number | undefined) {
  if (file === undefined) return { plan: await examplePlan(), count: attendees ?? GUIDE_PEOPLE };
  if (attendees !== undefined) return { plan: await planAlone(file), count: attendees };
  const { plan, people } = await planFrom(file);
  return { plan, count: people.length };
}

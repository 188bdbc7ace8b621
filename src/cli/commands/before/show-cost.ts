import { estimate, estimateLines, guideTable, guideTableLines } from '../../../domain/money/cost.ts';
import { seatsOf } from '../../../domain/roster/seats.ts';
import { examplePlan, planAlone, planFrom } from '../../input/input-files.ts';
import { print, printJson } from '../../terminal/output.ts';

export interface CostOptions {
  readonly attendees?: number;
  readonly json?: boolean;
}

/**
 * Prints both estimates.
 * @param usual how many people, where neither a plan nor an option says it
 * @throws {WrongInput}
 */
export async function showCost(
  file: string | undefined,
  { attendees, json }: CostOptions,
  usual: number,
): Promise<void> {
  const { plan, count } = await costed(file, attendees, usual);
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
}

async function costed(file: string | undefined, attendees: number | undefined, usual: number) {
  if (file === undefined) return { plan: await examplePlan(), count: attendees ?? usual };
  if (attendees !== undefined) return { plan: await planAlone(file), count: attendees };
  const { plan, people } = await planFrom(file);
  return { plan, count: seatsOf(plan, people) };
}

import { expect, test } from 'vitest';
import { reportOf } from '../../../src/domain/papers/report.ts';
import { reportPage } from '../../../src/domain/papers/report-page.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { checklistFor, type Item } from '../../../src/domain/replayed/checklist/item.ts';
import { newLifecycleState } from '../../../src/domain/replayed/checklist/lifecycle-state.ts';
import { examplePlan } from '../plan/example-plan.ts';

const plan = examplePlan();
const timeline = timelineOf(plan);

test('what people said stays said, a no between two yeses too, and who amended the plan', () => {
  const at = timeline.start;
  const items = checklistFor(plan).map((item): Item =>
    item.id === 'proxy'
      ? {
          ...item,
          state: 'signed off',
          said: [
            { answer: 'yes', by: 'Ann', at, note: 'two laptops' },
            { answer: 'no', by: 'Ben', at: at + 60_000, note: 'certificate refused' },
            { answer: 'yes', by: 'Ann', at: at + 120_000 },
          ],
        }
      : item,
  );
  const log = [{ by: 'Cy', at, fields: ['prices.perDbu'] }];
  const report = reportOf({
    plan,
    timeline,
    run: { runId: 'r1' },
    seats: [],
    state: { ...newLifecycleState(items, [], []), amended: { fields: {}, log } },
    estimate: 0,
    actual: 0,
  });
  const answers = report.checklist.find(({ id }) => id === 'proxy')?.answers;
  expect(answers?.map(({ answer, by }) => `${answer} ${by}`)).toEqual(['yes Ann', 'no Ben', 'yes Ann']);
  const page = reportPage(report);
  expect(page).toMatch(
    /\nWhat people said\n +- ssh .*\n +yes by Ann, .*: two laptops\n +no by Ben, .*: certificate refused\n/,
  );
  expect(page).toMatch(/Amended .*\n +- .*, by Cy: prices\.perDbu\n/);
});

import { expect } from 'vitest';
import { formatProblem, readPlan, type Problem } from '../../../src/domain/plan/plan-file.ts';

/** What the plan's file is called in these tests. */
export const FILE = 'workshop.yaml';

/** What is wrong with a plan of this text; nothing where it is accepted. */
export const problems = (text: string): readonly Problem[] => {
  const reading = readPlan(text, FILE);
  return reading.ok ? [] : reading.problems;
};

/** The one thing that is wrong with it. */
export const only = (text: string): Problem => {
  const found = problems(text);
  expect(found.map((problem) => formatProblem(FILE, problem))).toHaveLength(1);
  return found[0] as Problem;
};

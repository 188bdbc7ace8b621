import { readFileSync } from 'node:fs';
import { readPlan } from '../../../src/domain/plan/plan-file.ts';
import type { Plan } from '../../../src/domain/plan/plan.ts';

/** The example a facilitator copies, as text. */
export const exampleText = readFileSync(new URL('../../../workshop.example.yaml', import.meta.url), 'utf8');

/** The example read, with some lines replaced first; throws with the problems when it is refused. */
export function examplePlan(...replacements: readonly (readonly [string, string])[]): Plan {
  const reading = readPlan(exampleWith(...replacements), 'workshop.yaml');
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.plan;
}

export function exampleWith(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the example has no "${from}"`);
    return text.replace(from, to);
  }, exampleText);
}

export function lineWith(text: string, part: string): number {
  return text.split('\n').findIndex((line) => line.includes(part)) + 1;
}

/** A plan of the fields that have no default. */
export const shortestText = `
id: short
title: Short
workspace: https://adb-1.2.azuredatabricks.net/?o=1
start: 2027-03-16T09:00
timeZone: Europe/Berlin
contacts:
  leadFacilitator: { name: A, contact: a@example.com }
  databricksAdmin: { name: B, contact: b@example.com }
  networkSupport: { name: C, contact: c@example.com }
`;

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signOffIds } from '../domain/checklist.ts';
import type { Plan } from '../domain/plan.ts';
import { formatProblem, readPlan, type Problem } from '../domain/plan-file.ts';
import { readRoster } from '../domain/roster.ts';
import { WrongInput } from './exit.ts';

/** A plan and its roster, read and checked; nothing has been started. */
export interface PlanAndRoster {
  readonly plan: Plan;
  readonly people: readonly string[];
  readonly duplicates: readonly { readonly line: number; readonly email: string }[];
}

const EXAMPLE = new URL('../../workshop.example.yaml', import.meta.url);

/** Reads the plan, and the roster it names, which is looked for beside it. @throws {WrongInput} with every problem found. */
export async function planFrom(file: string): Promise<PlanAndRoster> {
  const plan = await planAlone(file);
  return { plan, ...(await rosterFrom(resolve(dirname(file), plan.roster), plan.roster)) };
}

/** Reads a plan without its roster. @throws {WrongInput} with every problem found. */
export async function planAlone(file: string): Promise<Plan> {
  const read = readPlan(await textOf(file, 'plan'), file);
  if (!read.ok) throw new WrongInput(said(file, read.problems));
  const { plan } = read;
  const unknown = plan.blocking.filter((id) => !signOffIds(plan).includes(id));
  if (unknown.length > 0) throw new WrongInput(`${file}: blocking: there is no sign-off called ${unknown.join(', ')}; this plan has ${signOffIds(plan).join(', ')}`);
  return plan;
}

/** The plan that facilitators copy, for estimates and rehearsals. */
export function examplePlan(): Promise<Plan> {
  return planAlone(fileURLToPath(EXAMPLE));
}

/** Reads a roster. @throws {WrongInput} with every bad line. */
export async function rosterFrom(file: string, shown = file): Promise<Pick<PlanAndRoster, 'people' | 'duplicates'>> {
  const read = readRoster(await textOf(file, 'roster'), shown);
  if (!read.ok) throw new WrongInput(said(shown, read.problems));
  return read;
}

async function textOf(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'that is a folder' : code === 'EACCES' ? 'it may not be read' : String(error);
    throw new WrongInput(`${file}: the ${what} cannot be read: ${why}.`);
  }
}

const said = (file: string, problems: readonly Problem[]) => problems.map((problem) => formatProblem(file, problem)).join('\n');

import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../domain/plan/plan.ts';
import { formatProblem, readPlan, type Problem } from '../../domain/plan/plan-file.ts';
import { readRoster } from '../../domain/plan/roster.ts';
import { readFaultFile, type Fault } from '../../../sandbox/index.ts';
import { WrongInput } from './exit.ts';

/** A plan and its roster, read and checked; nothing has been started. */
export interface PlanAndRoster {
  readonly plan: Plan;
  readonly people: readonly string[];
  readonly duplicates: readonly { readonly line: number; readonly email: string }[];
}

const EXAMPLE = new URL('../../../workshop.example.yaml', import.meta.url);

/**
 * Reads the plan, and the roster it names, which is looked for beside it.
 * @throws {WrongInput} with every problem found.
 */
export async function planFrom(file: string): Promise<PlanAndRoster> {
  const plan = await planAlone(file);
  const whose =
    `It is the "roster" of ${basename(file)} (attendees.txt when that is not written), looked for ` +
    'beside it: name the right file there, or make this one, with one email address a line.';
  return { plan, ...(await rosterFrom(resolve(dirname(file), plan.roster), plan.roster, whose)) };
}

/** Reads a plan without its roster. @throws {WrongInput} with every problem found. */
export async function planAlone(file: string): Promise<Plan> {
  const read = readPlan(await textOf(file, 'plan'), file);
  if (!read.ok) throw new WrongInput(said(file, read.problems));
  return read.plan;
}

/** The plan that facilitators copy, for estimates and rehearsals. */
export function examplePlan(): Promise<Plan> {
  return planAlone(fileURLToPath(EXAMPLE));
}

/**
 * Reads a roster.
 * @param whose why this file is read, said when it cannot be
 * @throws {WrongInput} with every bad line.
 */
export async function rosterFrom(
  file: string,
  shown = file,
  whose = 'It has one email address a line.',
): Promise<Pick<PlanAndRoster, 'people' | 'duplicates'>> {
  const read = readRoster(await textOf(file, 'roster', whose), shown);
  if (!read.ok) throw new WrongInput(said(shown, read.problems));
  return read;
}

/** Reads what is to go wrong in the sandbox. @throws {WrongInput} with every problem found. */
export async function faultsFrom(file: string): Promise<readonly Fault[]> {
  const read = readFaultFile(
    await textOf(file, 'fault file', 'It is a file like those in scenarios/; sandbox/docs/faults.md explains it.'),
  );
  if (!read.ok) throw new WrongInput(said(file, read.problems));
  return read.faults;
}

/** Far more than ten thousand people need; a mistaken path may lead to a film. */
const LARGEST_MB = 5;

/** What the system calls a file that cannot be opened, in words. */
const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'part of its path is a file and no folder',
  EISDIR: 'that is a folder',
  EACCES: 'it may not be read by you',
  EPERM: 'it may not be read by you',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'its name holds a character that no name may have',
};

async function textOf(
  file: string,
  what: 'plan' | 'roster' | 'fault file',
  whose = 'A plan is a file like workshop.example.yaml.',
): Promise<string> {
  const refuse = (why: string): never => {
    throw new WrongInput(`${file}: the ${what} cannot be read: ${why}. ${whose}`);
  };
  const bytes = await bytesOf(file).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return WHY[code] ?? `the system refuses it (${code})`;
  });
  if (typeof bytes === 'string') return refuse(bytes);
  const text = utf8(bytes);
  if (text === undefined) throw new WrongInput(`${file}: the ${what} is not UTF-8 text: save it as UTF-8`);
  return text;
}

/** The content, or why it is not even looked at. */
async function bytesOf(file: string): Promise<Buffer | string> {
  const found = await stat(file);
  if (found.isDirectory()) return 'that is a folder';
  // A pipe is how a shell hands over what another program writes.
  if (!found.isFile() && !found.isFIFO()) return 'that is a device and no file';
  if (found.size > LARGEST_MB * 1_000_000) return `it is larger than ${LARGEST_MB} MB`;
  return readFile(file);
}

function utf8(bytes: Buffer): string | undefined {
  // UTF-16 without a mark at its beginning is valid UTF-8, full of zeros.
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const said = (file: string, problems: readonly Problem[]) =>
  problems.map((problem) => formatProblem(file, problem)).join('\n');

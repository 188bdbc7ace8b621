import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAnswers, type AnswersSummary } from '../../domain/papers/feedback-answers.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { partsOfEvent } from '../../domain/event/parts-of-event.ts';
import { formatProblem, type Problem } from '../../domain/plan/plan-file.ts';
import { readAnyPlan, type EventPlan } from '../../domain/plan/several/event-plan.ts';
import { decode } from '../../domain/roster/decode.ts';
import { readRoster, type RosterReading } from '../../domain/roster/roster.ts';
import { readFaultFile, type Fault } from '../../../sandbox/index.ts';
import { WrongInput } from './exit.ts';

/** A plan and its roster, read and checked; nothing has been started. */
export interface PlanAndRoster extends Roster {
  readonly plan: Plan;
  /** Nobody wrote serving.model: the workspace's list decides (listed-model.ts). */
  readonly modelLeftOut: boolean;
}

/** A roster without anything in it that must be mended. */
export interface Roster extends Pick<RosterReading, 'duplicates' | 'leftOut'> {
  /** Their addresses. */
  readonly people: readonly string[];
  /** Address → what else the roster says of them, where it says anything. */
  readonly details: Readonly<Record<string, Details>>;
  /** Address → the workspace that the roster wants for them, of several. */
  readonly wanted?: Readonly<Record<string, string>>;
}

/** The same for several workspaces: nobody is put into one yet. */
export interface EventAndRoster extends Roster {
  readonly event: EventPlan;
}

const EXAMPLE = new URL('../../../workshop.example.yaml', import.meta.url);

/**
 * Reads the plan, and the roster it names, which is looked for beside it.
 * @throws {WrongInput} with every problem found.
 */
export async function planFrom(file: string): Promise<PlanAndRoster> {
  const read = await plansFrom(file);
  return 'event' in read ? onlyOne(file, read.event) : read;
}

/** The same, where the plan may be for several workspaces. @throws {WrongInput} with every problem found. */
export async function plansFrom(file: string): Promise<PlanAndRoster | EventAndRoster> {
  const { path, part } = partIn(file);
  const read = await anyPlanIn(path);
  const roster = await rosterBeside(
    path,
    'event' in read ? (read.event.parts[0]?.plan.roster ?? '') : read.plan.roster,
  );
  if ('event' in read) {
    if (part === undefined) return { event: read.event, ...roster };
    const { name } = partNamed(path, read.event, part);
    const [there] = partsOfEvent(read.event, roster).parts.filter((one) => one.name === name);
    if (there) return { ...roster, ...there };
  }
  return { ...onePlan(path, read, part), ...roster };
}

function rosterBeside(file: string, roster: string): Promise<Roster> {
  const whose =
    `It is the "roster" of ${basename(file)} (attendees.txt when that is not written), looked for ` +
    'beside it: name the right file there, or make this one, as a list of addresses, a CSV or an Excel file.';
  return rosterFrom(resolve(dirname(file), roster), roster, whose);
}

/** The id of the event that a plan is for; undefined where it is for one workspace. @throws {WrongInput} */
export async function eventIdIn(file: string): Promise<string | undefined> {
  const { path, part } = partIn(file);
  if (part !== undefined) return undefined;
  const read = await anyPlanIn(path);
  return 'event' in read ? read.event.id : undefined;
}

/** Reads a plan without its roster. @throws {WrongInput} with every problem found. */
export const planAlone = async (file: string): Promise<Plan> => (await planRead(file)).plan;

/** The same, with whether it names its model. @throws {WrongInput} with every problem found. */
export async function planRead(file: string): Promise<Pick<PlanAndRoster, 'plan' | 'modelLeftOut'>> {
  const { path, part } = partIn(file);
  return onePlan(path, await anyPlanIn(path), part);
}

type AnyPlan = Pick<PlanAndRoster, 'plan' | 'modelLeftOut'> | { readonly event: EventPlan };

async function anyPlanIn(file: string): Promise<AnyPlan> {
  const read = readAnyPlan(await textOf(file, 'plan'), file);
  if (!read.ok) throw new WrongInput(said(file, read.problems));
  return read;
}

/** `my-workshop.yaml#north`: one workspace of the several that a plan is for. */
export function partIn(file: string): { readonly path: string; readonly part: string | undefined } {
  const [, path = file, part] = /^(.+)#([a-z0-9-]{1,20})$/.exec(file) ?? [];
  return { path, part };
}

function onePlan(path: string, read: AnyPlan, part: string | undefined): Pick<PlanAndRoster, 'plan' | 'modelLeftOut'> {
  if ('event' in read) return part === undefined ? onlyOne(path, read.event) : partNamed(path, read.event, part);
  if (part === undefined) return read;
  throw new WrongInput(`${path} is for one workspace only, and has no part "${part}": leave #${part} out.`);
}

function partNamed(path: string, event: EventPlan, part: string): EventPlan['parts'][number] {
  const found = event.parts.find(({ name }) => name === part);
  if (found) return found;
  throw new WrongInput(`${path} has no workspace called "${part}". It has ${namesIn(path, event)}.`);
}

function onlyOne(path: string, event: EventPlan): never {
  throw new WrongInput(
    `${path} is for ${event.parts.length} workspaces, and this is about one of them: name it, as ` +
      `${namesIn(path, event)}.`,
  );
}

const namesIn = (path: string, { parts }: EventPlan): string =>
  parts
    .map(({ name }) => `${path}#${name}`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** The plan that facilitators copy, for estimates and rehearsals. */
export function examplePlan(): Promise<Plan> {
  return planAlone(fileURLToPath(EXAMPLE));
}

/**
 * Reads a roster.
 * @param whose why this file is read, said when it cannot be
 * @throws {WrongInput} with every bad line.
 */
export async function rosterFrom(file: string, shown = file, whose = A_ROSTER): Promise<Roster> {
  const { people, problems, duplicates, leftOut } = await rosterReading(file, shown, whose);
  if (problems.length > 0) throw new WrongInput(said(shown, shortened(problems)));
  const details: Record<string, Details> = {};
  const wanted: Record<string, string> = {};
  for (const person of people) {
    const { email, line: _, workspace, ...rest } = person;
    if (Object.keys(rest).length > 0) details[email] = rest;
    if (workspace !== undefined) wanted[email] = workspace;
  }
  return { people: people.map(({ email }) => email), details, wanted, duplicates, leftOut };
}

/** Reads a roster, whatever is wrong in it. @throws {WrongInput} when the file itself cannot be read. */
export async function rosterReading(file: string, shown = file, whose = A_ROSTER): Promise<RosterReading> {
  return readRoster(await contentOf(file, 'roster', whose), shown);
}

const A_ROSTER = 'It is a list of email addresses, a CSV or an Excel file.';
const MOST_PROBLEMS = 20;

function shortened(problems: readonly Problem[]): readonly Problem[] {
  const next = problems[MOST_PROBLEMS];
  const rest = problems.length - MOST_PROBLEMS;
  return next
    ? [...problems.slice(0, MOST_PROBLEMS), { field: '', line: next.line, message: `and ${rest} more from here on` }]
    : problems;
}

/** Reads what is to go wrong in the sandbox. @throws {WrongInput} with every problem found. */
export async function faultsFrom(file: string): Promise<readonly Fault[]> {
  const read = readFaultFile(
    await textOf(file, 'fault file', 'It is a file like those in scenarios/; sandbox/docs/faults.md explains it.'),
  );
  if (!read.ok) throw new WrongInput(said(file, read.problems));
  return read.faults;
}

/** Reads what people answered after the workshop. @throws {WrongInput} for what is no CSV with a header. */
export async function answersFrom(file: string): Promise<AnswersSummary> {
  const decoded = decode(
    await contentOf(file, 'file of answers', 'It is the CSV that a form exports, or one saved from Excel.'),
  );
  if (decoded.kind === 'workbook')
    throw new WrongInput(`${file} is an Excel workbook: save it as "CSV UTF-8 (Comma delimited)" for its answers`);
  if (decoded.kind === 'refused') throw new WrongInput(`${file} ${decoded.why}`);
  const read = await readAnswers(decoded.text);
  if (!read.ok) throw new WrongInput(`${file} ${read.why}`);
  return read.summary;
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

async function textOf(file: string, what: 'plan' | 'fault file', whose?: string): Promise<string> {
  const text = utf8(await contentOf(file, what, whose));
  if (text === undefined) throw new WrongInput(`${file}: the ${what} is not UTF-8 text: save it as UTF-8`);
  return text;
}

async function contentOf(
  file: string,
  what: 'plan' | 'roster' | 'fault file' | 'file of answers',
  whose = 'A plan is a file like workshop.example.yaml.',
): Promise<Buffer> {
  const bytes = await bytesOf(file).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return WHY[code] ?? `the system refuses it (${code})`;
  });
  if (typeof bytes === 'string') throw new WrongInput(`${file}: the ${what} cannot be read: ${bytes}. ${whose}`);
  return bytes;
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

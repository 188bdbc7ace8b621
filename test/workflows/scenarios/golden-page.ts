import type { Item } from '../../../src/domain/replayed/checklist/item.ts';

/** The first line of something in a part of the page; what belongs to it stands further in. */
const FIRST = /^ {2}\S+ (.*)/;
/** What they do meanwhile changes by the second. */
const FAILING = /^( {2}✘ .*@\S+)(?: {2}.*)?$/;

/**
 * Of what `status` printed, what is the same at every run: the verdict, what is to be done about these lines of the
 * checklist and the people who need somebody, and these lines as they stand. What differs from run to run is written
 * as a word in capitals.
 */
export function goldenPage(
  printed: string,
  {
    id,
    lines,
    isCalm,
    isWithoutPeople,
  }: {
    readonly id: string;
    readonly lines: readonly Item[];
    readonly isCalm: boolean;
    readonly isWithoutPeople: boolean;
  },
): string {
  // What holds up everybody says itself what it is, without its title.
  const beginnings = lines.flatMap(({ title, evidence = '' }) => [title, capital(evidence.slice(0, 30))]);
  const waitForWorkspace = lines.some((line) => line.id === 'workspace');
  const isOurs = (said: string) =>
    beginnings.some((begins) => begins !== '' && said.startsWith(begins)) ||
    (waitForWorkspace && said.includes('people wait for it')) ||
    (said.includes('@') && !isWithoutPeople);
  const [verdict = '', ...rest] = printed.split('\n');
  // Where no line of the checklist is looked at, the verdict is about what the machine was too slow for, or not.
  const page = lines.length > 0 ? [ofLines(verdict)] : [];
  let isKept = false;
  for (const line of rest) {
    const said = FIRST.exec(line)?.[1];
    if (line.startsWith('People:')) page.push(line);
    if (/^\S/.test(line) || line === '') isKept = false;
    else if (said !== undefined) isKept = isOurs(said);
    if (isKept) page.push(line.replace(FAILING, '$1'));
  }
  return `${withoutCount(withoutChance(page.join('\n'), id, isCalm)).trimEnd()}\n`;
}

/** How many lines failed, which of them first, and who was ready by then, differs with the speed of the machine. */
const ofLines = (verdict: string): string => verdict.replace(/".*" failed.*/, '"LINE" failed');

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** How many were ready or had failed at that look, and whether the others come in time, is the machine's. */
const withoutCount = (page: string): string =>
  page
    // Those whose launch is tried once more just then have not failed for good.
    .replace(/^(Broken: launches are stopped).*/, '$1')
    .replace(/^(\w[^\n]*?)\d of (\d) ready(?:, \d+ more at about CLOCK)?/, '$1N of $2 ready')
    .replace(/^(?:On track|Late): (N of \d ready, forecast CLOCK).*/, 'On track or late: $1');

/** What a run, a clock or a machine makes of it. */
const withoutChance = (page: string, id: string, isCalm: boolean): string =>
  page
    .replaceAll(id, 'ID')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'WORKSPACE')
    .replaceAll(/\[request [^\]]*\]/g, '[request REQUEST]')
    .replaceAll(/\d{4}-\d{6}-[a-z0-9]+-pool-[a-z0-9]+/g, 'POOL')
    .replaceAll(/\d{4}-\d{6}-[a-z0-9]+/g, 'CLUSTER')
    .replaceAll(/those of \d people/g, 'those of N people')
    .replaceAll(/\d people wait for it/g, 'N people wait for it')
    // More often once the event has begun.
    .replaceAll(/launch is tried (?:every two minutes|ever more rarely);/g, 'launch is tried OFTEN;')
    .replaceAll(/(\d) of \1 are not known yet/g, 'N of N are not known yet')
    .replaceAll(/\b\d+ (?:h|min|s|ms)\b(?: \d+ (?:h|min|s)\b)*/g, 'TIME')
    .replaceAll(/\b\d+ (?:second|minute|hour)s?\b/g, 'TIME')
    .replaceAll(/\b\d\d:\d\d(?::\d\d)?\b/g, 'CLOCK')
    .replaceAll(/TIME (?:before|after) the start/g, 'TIME before or after the start')
    // How many of whom were where just then.
    .replaceAll(/^People: .*$\n?/gm, (legend) => (isCalm ? legend : ''));

import type { Item } from '../../../src/domain/replayed/checklist/item.ts';

const HEADING = /^\S/;
const ITEM = /^ {2}\S (.*)/;
/** What they do meanwhile changes by the second. */
const FAILING = /^( {2}✘ .*@\S+)(?: {2}.*)?$/;

/**
 * Of what `status` printed, what is the same at every run: these lines of the checklist, each with what is to be done,
 * and the people who need somebody. What differs from run to run is written as a word in capitals.
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
  const titles = lines.map(({ title }) => title);
  const page: string[] = [];
  let heading = '';
  let isKept = false;
  for (const line of printed.split('\n')) {
    if (HEADING.test(line)) {
      heading = line;
      isKept = line.startsWith('People') && !isWithoutPeople;
    } else if (ITEM.test(line) && !heading.startsWith('People')) {
      const said = ITEM.exec(line)?.[1] ?? '';
      isKept = titles.some((title) => said === title || said.startsWith(`${title}  `));
      if (isKept && !page.includes(heading)) page.push(heading);
    }
    if (isKept) page.push(heading.startsWith('People') ? line.replace(FAILING, '$1') : line);
  }
  return `${withoutChance(page.join('\n'), id, isCalm).trimEnd()}\n`;
}

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
    .replaceAll(/TIME (?:before|after) the start/g, 'TIME before or after the start')
    // How many of whom were where just then.
    .replaceAll(/^ {2}[█▪▓▒░■z~·✘]+$\n/gm, '')
    .replaceAll(/^ {2}[█▪▓▒░■z~·✘] \d+ [a-z]+(?: {2}.*)?$\n?/gm, (legend) => (isCalm ? legend : ''));

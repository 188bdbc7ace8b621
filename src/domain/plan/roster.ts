import { normaliseEmail } from '../replayed/seat/email.ts';
import { excerpt, type Problem } from './problem.ts';

const SPLIT_IT = 'make it several workshops';

/** A second mention of somebody: noted, because it is harmless. */
export interface Duplicate {
  readonly line: number;
  readonly email: string;
  readonly firstLine: number;
}

export type RosterReading =
  | { readonly ok: true; readonly people: readonly string[]; readonly duplicates: readonly Duplicate[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * More people than one workshop can hold (docs/design.md section "Children and continue-as-new": the lifecycle's state
 * is sized for this number).
 */
export const MOST_PEOPLE = 10_000;
const MOST_PROBLEMS = 20;

/**
 * Reads a list of people, one email a line. Blank lines, `#` comments, a byte order mark, any line ending, capitals
 * and repetitions are accepted; anything else is a problem with its line, all of them together (at most 20, and a
 * count). People come back in lower case, each once, in the order of the file.
 */
export function readRoster(text: string, fileName: string): RosterReading {
  const people = new Map<string, number>();
  const duplicates: Duplicate[] = [];
  const problems: Problem[] = [];

  if (text.includes('\0')) {
    return failed([
      { field: '', line: 1, message: 'is not plain text: save it as UTF-8, with one email address a line' },
    ]);
  }
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .forEach((written, index) => {
      const line = index + 1;
      const entry = written.replace(/#.*$/, '').trim();
      if (entry === '') return;
      const email = normaliseEmail(entry);
      if (email === undefined) {
        problems.push({ field: '', line, message: `"${excerpt(entry)}" is not an email address${hint(entry)}` });
        return;
      }
      const firstLine = people.get(email);
      if (firstLine === undefined) people.set(email, line);
      else duplicates.push({ line, email, firstLine });
    });

  if (problems.length > 0) return failed(problems);
  if (people.size === 0) {
    return failed([{ field: '', line: 1, message: `nobody is in ${fileName}: write one email address a line` }]);
  }
  if (people.size > MOST_PEOPLE) {
    const line = [...people.values()][MOST_PEOPLE] ?? 1;
    return failed([
      {
        field: '',
        line,
        message: `${people.size} people are more than one workshop can hold (${MOST_PEOPLE}): ${SPLIT_IT}`,
      },
    ]);
  }
  return { ok: true, people: [...people.keys()], duplicates };
}

function failed(problems: readonly Problem[]): RosterReading {
  const shown = problems.slice(0, MOST_PROBLEMS);
  const rest = problems.length - shown.length;
  const next = problems[MOST_PROBLEMS];
  return {
    ok: false,
    problems: next ? [...shown, { field: '', line: next.line, message: `and ${rest} more from here on` }] : shown,
  };
}

/** What the person probably did, so that they can mend every line of that kind at once. */
function hint(entry: string): string {
  if (/[\u200B-\u200F\u2060\uFEFF]/.test(entry))
    return ': it holds an invisible character, often from copying out of a web page; type it again';
  if (/<[^<>]*@[^<>]*>/.test(entry)) return ': write only the part between < and >';
  if ((entry.match(/@/g)?.length ?? 0) > 1) return ': write one address a line';
  if (/[,;]$/.test(entry)) return ': take the sign at its end away';
  if (/["']/.test(entry)) return ': write it without quotes';
  if (/^mailto:/i.test(entry)) return ': write it without mailto:';
  if (/^[^,;\t]*@[^,;\t]*[,;\t]/.test(entry) || /[,;\t]/.test(entry))
    return ': write the address alone, without other columns';
  if (/\s/.test(entry)) return ': write the address alone, or put # before a remark';
  return '';
}

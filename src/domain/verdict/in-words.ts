import { DAY, HOUR, MINUTE, SECOND } from '../replayed/time/units.ts';

/** A length of time in whole words: `19 minutes`, `1 hour`, `3 days`; rounded down, so that nobody is promised more. */
export function inWords(ms: number): string {
  const count = (unit: number, word: string) => {
    const n = Math.max(0, Math.floor(ms / unit));
    return `${n} ${word}${n === 1 ? '' : 's'}`;
  };
  if (ms < 2 * MINUTE) return count(SECOND, 'second');
  if (ms < 2 * HOUR) return count(MINUTE, 'minute');
  return ms < 2 * DAY ? count(HOUR, 'hour') : count(DAY, 'day');
}

/** What stands before the words of a refusal: who waits, what was asked for, and the number of the answer. */
const CALL = /^(?:.*: )?(?:[A-Z]+ \/\S+: )?HTTP \d{3}(?: [A-Z_0-9]+)?: /;

/** The first sentence of an explanation, without what only a log needs; the rest is told where there is room. */
export function firstSentence(text: string): string {
  const said = text.replace(CALL, '');
  const end = /\.(?:\s*\(|\s+[A-Z])/.exec(said);
  return end && end.index > 10 ? said.slice(0, end.index + 1) : said;
}

/** Without the ids of requests, which are for a log: nobody reads them. */
export const withoutRequests = (text: string): string =>
  text.replaceAll(/\s*\[request [^\]]*\]/g, '').replaceAll(/\.\.(?!\.)/g, '.');

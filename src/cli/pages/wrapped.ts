import { stripVTControlCharacters } from 'node:util';

/** How many characters of a text are seen: without those that colour it. */
export const visible = (text: string): number => stripVTControlCharacters(text).length;

/**
 * A text in lines of at most so many characters, broken between words. A word that is longer keeps a line of its own,
 * so that an address or a path can be copied.
 */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && visible(line) + 1 + visible(word) > columns) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** A line as it is where it fits; one that is too long goes on below where it began. */
export function hanging(line: string, columns: number): string[] {
  if (visible(line) <= columns) return [line];
  const margin = /^\s*/.exec(line)?.[0] ?? '';
  return wrapped(line, columns - margin.length - 2).map((piece, n) => `${margin}${n === 0 ? '' : '  '}${piece}`);
}

/** The width of a terminal, and of a page where there is none, or where a terminal does not know its own. */
export const columnsOf = ({ columns = 0 }: { readonly columns?: number }): number =>
  Math.min(columns === 0 ? 80 : columns, 120);

import { utf8ToBytes } from '@noble/hashes/utils.js';

/** A line of iCalendar may hold so many octets, its break not counted (RFC 5545). */
const MOST_OCTETS = 75;

/** The lines of an iCalendar object, folded and ended as RFC 5545 has it. */
export const contentLines = (lines: readonly string[]): string => lines.map((line) => `${folded(line)}\r\n`).join('');

/** A TEXT value: no sign in it can end the line or begin another value. */
export const textValue = (text: string): string =>
  text
    .replaceAll(/\r\n|\r|\n/g, '\n')
    .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n');

/** A parameter's value, in quotes, which it cannot hold itself. */
export const quotedValue = (text: string): string =>
  `"${text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('"', "'")}"`;

/** No character is torn apart: old readers unfold octets, not characters. */
function folded(line: string): string {
  let all = '';
  let octets = 0;
  for (const character of line) {
    const size = utf8ToBytes(character).length;
    if (octets + size > MOST_OCTETS) {
      all += '\r\n ';
      octets = 1;
    }
    all += character;
    octets += size;
  }
  return all;
}

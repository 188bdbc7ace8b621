import { stripVTControlCharacters } from 'node:util';

type Paint = (text: string) => string;
export type Style = Readonly<Record<'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan' | 'blue', Paint>>;

const same = (text: string) => text;
const code = (on: number, off: number) => (text: string) => (text === '' ? '' : `\u001B[${on}m${text}\u001B[${off}m`);

export const PLAIN: Style = { bold: same, dim: same, green: same, red: same, yellow: same, cyan: same, blue: same };
export const COLOURED: Style = {
  bold: code(1, 22),
  dim: code(2, 22),
  green: code(32, 39),
  red: code(31, 39),
  yellow: code(33, 39),
  cyan: code(36, 39),
  blue: code(34, 39),
};

/** Colours on a terminal, unless NO_COLOR is set (no-color.org: to anything but nothing). */
export function styleFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Style {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? COLOURED : PLAIN;
}

/** East Asian letters and the emoji among our marks take two columns, accents none. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]$/u;
const columnsOf = (sign: string): number => (WIDE.test(sign) ? 2 : /^\p{M}$/u.test(sign) ? 0 : 1);

/** How many columns a text takes on a terminal. */
export const widthOf = (text: string): number =>
  Array.from(stripVTControlCharacters(text)).reduce((sum, sign) => sum + columnsOf(sign), 0);

const ESCAPE = new RegExp(String.raw`\u001B\[\d+m`, 'y');

/** Cut to a number of columns, with … where something is missing; colours do not count, and are closed. */
export function fit(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  let shown = '';
  let width = 0;
  let coloured = false;
  for (let at = 0; at < text.length;) {
    ESCAPE.lastIndex = at;
    const escape = ESCAPE.exec(text)?.[0];
    if (escape !== undefined) {
      shown += escape;
      coloured = true;
      at += escape.length;
      continue;
    }
    const sign = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (width + columnsOf(sign) > columns - 1) break;
    shown += sign;
    width += columnsOf(sign);
    at += sign.length;
  }
  return `${shown}…${coloured ? '\u001B[0m' : ''}`;
}

/** One line of somebody else's text: no line breaks and no control characters, which could redraw the terminal. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

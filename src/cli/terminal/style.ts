import { styleText } from 'node:util';

const NAMES = ['bold', 'dim', 'green', 'red', 'yellow', 'cyan', 'blue'] as const;
type Name = (typeof NAMES)[number];

/** Text in a colour or weight, or as it is. */
export type Style = Readonly<Record<Name, (text: string) => string>>;

function styled(paint: (name: Name, text: string) => string): Style {
  return Object.fromEntries(NAMES.map((name) => [name, (text: string) => paint(name, text)])) as unknown as Style;
}

export const PLAIN: Style = styled((_, text) => text);
export const COLOURED: Style = styled((name, text) => styleText(name, text, { validateStream: false }));

/** Colours on a terminal, unless NO_COLOR is set (no-color.org: to anything but nothing). */
export function styleFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Style {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? COLOURED : PLAIN;
}

/** One line of somebody else's text: no line breaks and no control characters, which could redraw the terminal. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

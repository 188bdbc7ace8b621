/** A piece of a text with places where values go. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'value'; readonly name: string } & Place)
  /** Stays where the value is there, or where it is not. */
  | ({ readonly kind: 'section'; readonly name: string; readonly when: 'given' | 'missing' } & {
      readonly pieces: readonly Piece[];
    } & Place);

/** Both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text, and where. */
export interface TextProblem extends Place {
  readonly file: string;
  readonly message: string;
}

/** What goes into a text; what is undefined is missing. */
export type Values = Readonly<Record<string, string | undefined>>;

/** A mark that opens or closes a section takes its line with it where nothing else is on it. */
const MARK = /(?<=^|\n)[ \t]*\{([#^/])([a-z][a-z-]*)\}[ \t]*(?:\n|$)|\{([#^/]?)([a-z][a-z-]*)\}|[{}]/g;

/**
 * Reads `{name}`, `{#name}…{/name}`, which stays where name has a value, and `{^name}…{/name}`, which stays where it
 * has none. Never throws: what cannot be read is a problem.
 */
export function readTemplate(
  text: string,
  file: string,
): { readonly pieces: readonly Piece[]; readonly problems: readonly TextProblem[] } {
  const problems: TextProblem[] = [];
  const root: Piece[] = [];
  const open: { name: string; pieces: Piece[]; place: Place }[] = [];
  let from = 0;
  for (const match of text.matchAll(MARK)) {
    const [whole, loneSign, loneName, sign = loneSign, name = loneName] = match;
    const place = placeOf(text, match.index + whole.search(/[{}]/));
    const into = open.at(-1)?.pieces ?? root;
    const wrong = (message: string) => problems.push({ file, ...place, message });
    if (from < match.index) into.push({ kind: 'text', text: text.slice(from, match.index) });
    from = match.index + whole.length;
    if (name === undefined) wrong(`"${whole}" stands alone: a placeholder is written like {name}`);
    else if (sign === '/') {
      if (open.at(-1)?.name === name) open.pop();
      else wrong(`{/${name}} closes what is not open`);
    } else if (sign === '#' || sign === '^') {
      const pieces: Piece[] = [];
      into.push({ kind: 'section', name, when: sign === '#' ? 'given' : 'missing', pieces, ...place });
      open.push({ name, pieces, place });
    } else into.push({ kind: 'value', name, ...place });
  }
  if (from < text.length) (open.at(-1)?.pieces ?? root).push({ kind: 'text', text: text.slice(from) });
  for (const { name, place } of open) problems.push({ file, ...place, message: `{${name}} is opened and not closed` });
  return { pieces: root, problems };
}

function placeOf(text: string, index: number): Place {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Puts values into their places. What they hold is text: a brace in one is a brace. */
export const fillTemplate = (pieces: readonly Piece[], values: Values): string =>
  pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const value = values[piece.name];
      if (piece.kind === 'value') return value ?? '';
      return (value !== undefined) === (piece.when === 'given') ? fillTemplate(piece.pieces, values) : '';
    })
    .join('');

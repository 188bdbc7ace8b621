import { IN_EVERY_LETTER, LETTERS, type LetterName } from './letter-names.ts';
import { readTemplate, type Piece, type TextProblem } from './template.ts';

// What a letter's text must be like: a subject, and no placeholder but those that its letter knows.

/** The first line of a letter's text, and what is below it. */
const SUBJECT = /^Subject: (.*\S.*)\n\n([^]*)$/;

/** Why this is no text of a letter as a whole; undefined when it may be one. */
export function whatIsAmiss(text: string | undefined): string | undefined {
  if (text === undefined) return 'is missing: this letter has no text in this language';
  const [, subject] = SUBJECT.exec(text) ?? [];
  if (subject === undefined) return 'must begin with a line like "Subject: New date", and an empty one';
  return readTemplate(subject, '').problems.length > 0 ? 'must close in the subject what it opens there' : undefined;
}

/** Every placeholder in it, however deep. */
export function namesIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === 'text') return [];
    return piece.kind === 'value' ? [piece.name] : namesIn(piece.pieces);
  });
}

export interface Checked {
  readonly letter: LetterName;
  readonly file: string;
  /** None within a part. */
  readonly parts: ReadonlyMap<string, readonly Piece[]>;
  /** Sections around, of what is there. */
  readonly given: readonly string[];
}

/** Placeholders that this letter does not know, or that may be missing, each with its place. */
export function unknownIn(pieces: readonly Piece[], about: Checked): TextProblem[] {
  const { letter, file, parts, given } = about;
  const always: readonly string[] = [...IN_EVERY_LETTER.always, ...LETTERS[letter].always];
  const sometimes: readonly string[] = [...IN_EVERY_LETTER.sometimes, ...LETTERS[letter].sometimes];
  return pieces.flatMap((piece): TextProblem[] => {
    if (piece.kind === 'text') return [];
    const { name, line, column } = piece;
    const wrong = (message: string) => [{ file, line, column, message }];
    const part = parts.get(name);
    if (piece.kind === 'value' && part) {
      const inPart = `${file.split('/')[0]}/parts/${name}.txt`;
      return unknownIn(part, { letter, file: inPart, parts: new Map(), given });
    }
    const known = [...always, ...sometimes];
    if (!known.includes(name))
      return wrong(
        `{${name}} is not known in the letter ${letter}; there are ${[...known, ...parts.keys()].join(', ')}`,
      );
    if (piece.kind === 'section')
      return unknownIn(piece.pieces, { ...about, given: piece.when === 'given' ? [...given, name] : given });
    return always.includes(name) || given.includes(name)
      ? []
      : wrong(`{${name}} may be missing in the letter ${letter}: write it between {#${name}} and {/${name}}`);
  });
}

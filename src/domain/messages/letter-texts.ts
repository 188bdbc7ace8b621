import { LANGUAGES, type Language } from '../plan/fields/messages.ts';
import { LETTER_NAMES, type LetterName } from './letter-names.ts';
import { namesIn, unknownIn, whatIsAmiss } from './letter-wording.ts';
import { readTemplate, type Piece, type TextProblem } from './template.ts';

/** All texts of all languages. */
export type Texts = Readonly<Record<Language, LanguageTexts>>;

export interface LanguageTexts {
  /** Whole files, each with its subject in the first line. */
  readonly letters: ReadonlyMap<LetterName, readonly Piece[]>;
  /** What stands in several letters, by the name of its file. */
  readonly parts: ReadonlyMap<string, readonly Piece[]>;
}

export type TextsReading =
  | { readonly ok: true; readonly texts: Texts }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

const LETTER_FILE = /^([a-z]+)\/([a-z-]+)\.txt$/;
const PART_FILE = /^([a-z]+)\/parts\/([a-z-]+)\.txt$/;
const START = { line: 1, column: 1 } as const;

/**
 * Reads the texts of every language, and sees that none is missing and that each says only what its letter knows.
 * @param files path below the folder of the texts, like `en/invitation.txt`, to what the file holds
 */
export function readTexts(files: ReadonlyMap<string, string>): TextsReading {
  const problems: TextProblem[] = strangers(files);
  const texts = Object.fromEntries(
    LANGUAGES.map((language) => [language, textsOf(language, files, problems)] as const),
  ) as Record<Language, LanguageTexts>;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, texts };
}

/** Files that nothing would read. */
function strangers(files: ReadonlyMap<string, string>): TextProblem[] {
  return [...files.keys()].flatMap((file) => {
    const [, language = '', name] = LETTER_FILE.exec(file) ?? PART_FILE.exec(file) ?? [];
    const wrong = (message: string) => [{ file, ...START, message }];
    if (name === undefined) return wrong('is no text of a letter: those are called like en/invitation.txt');
    if (!LANGUAGES.some((known) => known === language)) return wrong(`is in ${language}, which no plan can choose`);
    if (LETTER_FILE.test(file) && !LETTER_NAMES.some((known) => known === name))
      return wrong(`is the text of no letter; there are ${LETTER_NAMES.join(', ')}`);
    return [];
  });
}

function textsOf(language: Language, files: ReadonlyMap<string, string>, problems: TextProblem[]): LanguageTexts {
  const read = (file: string, text: string) => {
    const { pieces, problems: found } = readTemplate(text, file);
    problems.push(...found);
    return pieces;
  };
  const parts = new Map<string, readonly Piece[]>();
  for (const [file, text] of files) {
    const [, of, name] = PART_FILE.exec(file) ?? [];
    if (of === language && name !== undefined) parts.set(name, read(file, text.trimEnd()));
  }
  const letters = new Map<LetterName, readonly Piece[]>();
  const unknown = new Map<string, TextProblem>();
  for (const name of LETTER_NAMES) {
    const file = `${language}/${name}.txt`;
    const text = files.get(file);
    const amiss = whatIsAmiss(text);
    if (amiss !== undefined) problems.push({ file, ...START, message: amiss });
    const pieces = read(file, text ?? '');
    letters.set(name, pieces);
    // What is wrong in a part is wrong in every letter that it stands in, and said once.
    for (const problem of unknownIn(pieces, { letter: name, file, parts, given: [] }))
      unknown.set(`${problem.file}:${problem.line}:${problem.column}`, problem);
  }
  problems.push(...unknown.values());
  const used = new Set([...letters.values()].flatMap(namesIn));
  for (const part of parts.keys())
    if (!used.has(part))
      problems.push({ file: `${language}/parts/${part}.txt`, ...START, message: 'stands in no letter' });
  return { letters, parts };
}

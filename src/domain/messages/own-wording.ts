import { LETTER_NAMES, type LetterName } from './letter-names.ts';
import { unknownIn, whatIsAmiss } from './letter-wording.ts';
import { readTemplate, type Piece } from './template.ts';

const INVITING: readonly LetterName[] = ['invitation', 'joined-late', 'not-tried'];

/**
 * Which parts may stand in which letters: those whose placeholders the letter knows. A plan is read where the texts of
 * the parts are not at hand; that this is what they hold is tested.
 */
export const PARTS_IN: Readonly<Record<string, readonly LetterName[]>> = {
  'about-steps': LETTER_NAMES,
  connecting: ['new-cluster', 'another-cluster', 'ready', 'not-connected'],
  contacts: LETTER_NAMES,
  'on-your-cluster': LETTER_NAMES,
  removal: ['feedback'],
  steps: INVITING,
  when: [...INVITING, 'rescheduled'],
  'your-page': LETTER_NAMES,
};

/** What is wrong with the words that a plan has for a letter, each with line and column. */
export function problemsOfOwnText(letter: LetterName, text: string | undefined): string[] {
  if (text === undefined) return [];
  const amiss = whatIsAmiss(text);
  if (amiss !== undefined) return [amiss];
  const { pieces, problems } = readTemplate(text, '');
  const parts = new Map<string, readonly Piece[]>(
    Object.entries(PARTS_IN).flatMap(([part, letters]) => (letters.includes(letter) ? [[part, []] as const] : [])),
  );
  const unknown = unknownIn(pieces, { letter, file: '', parts, given: [] });
  return [...problems, ...unknown].map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`);
}

/** The texts of a language, with those letters in the plan's own words that it words itself. */
export function withOwnTexts<Texts extends { readonly letters: ReadonlyMap<LetterName, readonly Piece[]> }>(
  texts: Texts,
  letters: Readonly<Partial<Record<LetterName, { readonly text?: string | undefined } | undefined>>> = {},
): Texts {
  const own = LETTER_NAMES.flatMap((name) => {
    const text = letters[name]?.text;
    return text === undefined ? [] : [[name, readTemplate(text, '').pieces] as const];
  });
  return own.length === 0 ? texts : { ...texts, letters: new Map([...texts.letters, ...own]) };
}

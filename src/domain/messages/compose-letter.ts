import type { CommonValues, LetterName, LetterValues } from './letter-names.ts';
import type { LanguageTexts } from './letter-texts.ts';
import { fillTemplate, type Values } from './template.ts';
import { wrapped } from './wrap.ts';

/** A letter of a language with its values, as subject and plain text. */
export function composeLetter<Name extends LetterName>(
  { letters, parts }: LanguageTexts,
  name: Name,
  values: CommonValues & LetterValues<Name>,
): { readonly subject: string; readonly text: string } {
  // No value begins a line of its own: one that did could pass for a subject, or for a step.
  const known: Values = Object.fromEntries(
    Object.entries<string | undefined>(values).map(([key, value]) => [key, value?.replaceAll(/[\p{Cc}\s]+/gu, ' ')]),
  );
  const partTexts = Object.fromEntries([...parts].map(([part, pieces]) => [part, fillTemplate(pieces, known)]));
  const filled = fillTemplate(letters.get(name) ?? [], { ...known, ...partTexts });
  const [, subject = '', text = ''] = /^Subject: (.*)\n([^]*)$/.exec(filled) ?? [];
  return { subject: subject.trim(), text: `${wrapped(text.replaceAll(/\n(?:[ \t]*\n)+/g, '\n\n').trim())}\n` };
}

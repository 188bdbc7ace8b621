import { expect, test } from 'vitest';
import { letterTexts } from '../../../src/activities/messages/letter-texts.ts';
import { LETTER_NAMES } from '../../../src/domain/messages/letter-names.ts';
import { unknownIn } from '../../../src/domain/messages/letter-wording.ts';
import { PARTS_IN, problemsOfOwnText, withOwnTexts } from '../../../src/domain/messages/own-wording.ts';
import { fillTemplate } from '../../../src/domain/messages/template.ts';

const OWN = 'Subject: Nearly there, {title}\n\n{#table}\nYou sit at {table}.\n{/table}\n{contacts}\n';

test.each(['en', 'de'] as const)(
  'the parts of %s stand where their placeholders are known, and nowhere else',
  (language) => {
    const { parts } = letterTexts()[language];
    expect(Object.keys(PARTS_IN).toSorted()).toEqual([...parts.keys()].toSorted());
    for (const [part, pieces] of parts)
      expect(
        LETTER_NAMES.filter((letter) => {
          const file = `${language}/${letter}.txt`;
          return unknownIn(pieces, { letter, file, parts: new Map(), given: [] }).length === 0;
        }),
        part,
      ).toEqual(PARTS_IN[part]);
  },
);

test('a letter in words of one’s own is as good as its file', () => {
  expect(problemsOfOwnText('ready', OWN)).toEqual([]);
  const texts = letterTexts().de;
  const own = withOwnTexts(texts, { ready: { text: OWN } });
  const values = { title: 'Apps', table: '4', contacts: 'Ann' };
  expect(fillTemplate(own.letters.get('ready') ?? [], values)).toBe(
    'Subject: Nearly there, Apps\n\nYou sit at 4.\nAnn\n',
  );
  expect(own.letters.get('feedback')).toBe(texts.letters.get('feedback'));
  expect(withOwnTexts(texts, {})).toBe(texts);
});

test('what is wrong in it is said with its place', () => {
  expect(problemsOfOwnText('ready', 'Hello')).toEqual([
    'must begin with a line like "Subject: New date", and an empty one',
  ]);
  expect(problemsOfOwnText('ready', 'Subject: x\n\nHello {nmae}, at {table}\n{#name}\n')).toEqual([
    'line 4, column 1: {name} is opened and not closed',
    expect.stringMatching(/^line 3, column 7: \{nmae\} is not known in the letter ready; there are title, /),
    expect.stringMatching(/^line 3, column 18: \{table\} may be missing in the letter ready/),
  ]);
  // The five steps name a check that only invitations know.
  expect(problemsOfOwnText('ready', 'Subject: x\n\n{steps}\n')).toEqual([
    expect.stringMatching(/^line 3, column 1: \{steps\} is not known in the letter ready/),
  ]);
});

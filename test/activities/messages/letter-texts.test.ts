import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { letterTexts } from '../../../src/activities/messages/letter-texts.ts';
import { LETTER_NAMES } from '../../../src/domain/messages/letter-names.ts';
import { LANGUAGES } from '../../../src/domain/plan/fields/messages.ts';

const MESSAGES = join(import.meta.dirname, '..', '..', '..', 'messages');

/** The texts as they are, but for one, which is another or gone. */
async function withText(file: string, change?: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-texts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(MESSAGES, folder, { recursive: true });
  if (change === undefined) await rm(join(folder, file));
  else await writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8').catch(() => '')));
  return folder;
}

async function saidOf(file: string, change?: (text: string) => string): Promise<string[]> {
  const folder = await withText(file, change);
  try {
    letterTexts(folder);
  } catch (error) {
    return (error as Error).message.split('\n').slice(1);
  }
  return [];
}

test('every language has every letter, and nothing in them is unknown', () => {
  const texts = letterTexts();
  for (const language of LANGUAGES) expect([...texts[language].letters.keys()]).toEqual(LETTER_NAMES);
});

test('a text may have been saved on Windows', async () => {
  expect(await saidOf('en/goodbye.txt', (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual([]);
});

test('a letter that a language lacks is named', async () => {
  expect(await saidOf('de/goodbye.txt')).toEqual([
    'messages/de/goodbye.txt:1:1: is missing: this letter has no text in this language',
  ]);
});

test('an unknown placeholder is named with its place, in a letter and in a part of several', async () => {
  const [said = '', ...more] = await saidOf('en/goodbye.txt', (text) => text.replace('of "{title}"', 'of {titel}'));
  expect(said).toMatch(
    /^messages\/en\/goodbye\.txt:7:37: \{titel\} is not known in the letter goodbye; there are title,/,
  );
  expect(more).toEqual([]);
  expect(await saidOf('de/parts/contacts.txt', (text) => text.replace('{admin},', '{when},'))).toEqual([
    expect.stringMatching(/^messages\/de\/parts\/contacts\.txt:3:31: \{when\} is not known in the letter /),
  ]);
});

test('what belongs to another letter is unknown, and so is a part that is gone', async () => {
  expect(await saidOf('en/goodbye.txt', (text) => `${text}{reason}`)).toHaveLength(1);
  expect(await saidOf('en/parts/connecting.txt')).toEqual([
    expect.stringContaining('{connecting} is not known in the letter new-cluster'),
    expect.stringContaining('{connecting} is not known in the letter another-cluster'),
    expect.stringContaining('{connecting} is not known in the letter ready'),
    expect.stringContaining('{connecting} is not known in the letter not-connected'),
  ]);
});

test('what may be missing stands in a section of its own', async () => {
  expect(await saidOf('en/goodbye.txt', (text) => `${text}{^name}{name}{/name}{#name}{name}{/name}{table}`)).toEqual([
    expect.stringContaining('{name} may be missing in the letter goodbye: write it between {#name} and {/name}'),
    expect.stringContaining('{table} may be missing'),
  ]);
});

test('a letter begins with its subject', async () => {
  for (const text of ['', 'Hello\n', 'Subject: \n\nHello', 'Subject: x\nHello', 'Subject: {#name}x\n\nHello{/name}'])
    expect(await saidOf('de/goodbye.txt', () => text)).toEqual([
      expect.stringMatching(/^messages\/de\/goodbye\.txt:1:1: must (begin|close)/),
    ]);
});

test('a file that nothing would read is named', async () => {
  expect(await saidOf('en/goodby.txt', () => 'Subject: x\n\nx')).toEqual([
    expect.stringMatching(/^messages\/en\/goodby\.txt:1:1: is the text of no letter; there are invitation, /),
  ]);
  expect(await saidOf('de/parts/greeting.txt', () => 'x')).toEqual([
    'messages/de/parts/greeting.txt:1:1: stands in no letter',
  ]);
  expect(await saidOf('readme.md', () => 'x')).toHaveLength(1);
});

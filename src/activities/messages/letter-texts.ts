import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTexts, type Texts } from '../../domain/messages/letter-texts.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'messages');

/**
 * The texts of all letters, as they lie in a folder of this program. At once, not when the first letter is written: a
 * mistake in one is then said by a worker that starts, and not by 140 letters that fail.
 * @throws {Error} with every mistake and its place
 */
export function letterTexts(folder = FOLDER): Texts {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name));
  const reading = readTexts(
    new Map(files.map((file) => [file.slice(folder.length + 1).replaceAll('\\', '/'), textOf(file)])),
  );
  if (reading.ok) return reading.texts;
  const problems = reading.problems.map(
    ({ file, line, column, message }) => `messages/${file}:${line}:${column}: ${message}`,
  );
  throw new Error(`Texts of letters cannot be used:\n${problems.join('\n')}`);
}

/** Editors and git on Windows end lines in two signs, and begin a file with one that nobody sees. */
const textOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');

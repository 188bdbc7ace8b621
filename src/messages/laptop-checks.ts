import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Attachment } from './notifier.ts';

/** What the invitation asks people to run on their laptops. */
const LAPTOP_CHECKS = ['check.sh', 'check.ps1'];

/** A line that reads in a part: `. "$(dirname "$0")/check/code.sh"`, or `. "$PSScriptRoot\check\code.ps1"`. */
const READS_IN = /^(?:# shellcheck source=.*\n)? *\. ".*[/\\](check)[/\\]([a-z]+\.(?:sh|ps1))"$/gm;

/** The laptop checks, each as one file, with its parts in the places of the lines that read them in. */
export const laptopChecks = (folder: string): Promise<Attachment[]> =>
  Promise.all(LAPTOP_CHECKS.map(async (name) => ({ name, bytes: Buffer.from(await inOneFile(join(folder, name))) })));

/** A laptop check in one file, as an attendee gets it. */
export async function inOneFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  const parts = new Map<string, string>();
  for (const [line, folder = '', name = ''] of text.matchAll(READS_IN))
    parts.set(line, await readFile(join(dirname(path), folder, name), 'utf8'));
  // A part is not started by itself, so the first line of a script says nothing in the middle of one.
  return text.replaceAll(READS_IN, (line) => (parts.get(line) ?? '').replace(/^#!.*\n/, '').trimEnd());
}

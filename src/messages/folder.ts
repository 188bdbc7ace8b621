import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFolder, writePrivately } from '../private-file.ts';
import type { Message, Notifier, Sender } from './notifier.ts';

/**
 * Letters as text files in `<folder>/<workshop id>/letters`, with what is to be attached beside them, to be sent by
 * whatever the facilitator has.
 */
export class FolderNotifier implements Notifier {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Idempotent: the same name overwrites the same file, whole or not at all. */
  async deliver({ workshopId }: Pick<Sender, 'workshopId'>, name: string, message: Message): Promise<string> {
    const folder = join(this.#folder, workshopId, 'letters');
    await privateFolder(folder);
    const { to, subject, text, attachments = [], calendar } = message;
    // Many letters carry the same attachment at once.
    for (const one of attachments) await writePrivately(join(folder, one.name), one.bytes);
    const file = join(folder, `${fileName(name)}.txt`);
    const entry = calendar && `${fileName(name)}.ics`;
    if (calendar && entry) await writePrivately(join(folder, entry), calendar.text);
    const names = [...attachments.map((one) => one.name), ...(entry ? [entry] : [])];
    const attached = names.length > 0 ? `Attach: ${names.join(', ')}\n` : '';
    await writePrivately(file, `To: ${to}\nSubject: ${subject}\n${attached}\n${text}\n`);
    return file;
  }
}

const LONGEST_NAME = 180;

/** Different names never share a file: one that had to be changed or cut carries a mark of what it was. */
function fileName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9@._+-]/g, '_').slice(0, LONGEST_NAME);
  return safe === name ? name : `${safe}-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}

/** The text of a message that was written into the folder; undefined when there is none of that name. */
export async function copyOf(root: string, workshopId: string, name: string): Promise<string | undefined> {
  try {
    const file = await readFile(join(root, workshopId, 'letters', `${fileName(name)}.txt`), 'utf8');
    // Address, subject and attachments stand above the first empty line.
    return file.slice(file.indexOf('\n\n') + 2).replace(/\n$/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

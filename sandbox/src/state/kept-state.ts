import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bodies } from './bodies.ts';
import type { Header } from './entries.ts';
import { glanceAt, JournalFile, readJournal } from './journal-file.ts';
import type { Past } from './journal-file.ts';
import type { Sink } from './journal.ts';
import { lockFolder } from './lock.ts';
import { StateRefused } from './state-refused.ts';

const JOURNAL = 'journal.jsonl';
/** What may lie in the folder of a sandbox that ended before its journal began. */
const OWN = new Set(['bodies', 'files', 'lock', 'nodes', 'workspace-objects.jsonl', `${JOURNAL}.part`]);

/** The folder of a state that is kept, ours alone until {@link KeptState.leave}. */
export interface KeptState {
  /** What it holds; undefined when the sandbox is new. */
  readonly past: Past | undefined;
  readonly bodies: Bodies;
  begin(header: Header): Sink;
  /** Writes on behind the past. */
  goOn(): Sink;
  leave(): void;
}

/** What a sandbox that kept its state in this folder was when it began; undefined when none did. */
export const keptIn = (folder: string): Header | undefined => glanceAt(join(folder, JOURNAL));

/**
 * Opens the folder of a kept state, or makes it.
 * @throws {StateRefused} when another sandbox runs on it, when it is damaged, and when it holds something else.
 */
export function openKeptState(folder: string): KeptState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder);
  const foreign = names.includes(JOURNAL) ? undefined : names.find((name) => !OWN.has(name));
  if (foreign !== undefined)
    throw new StateRefused(
      `The folder ${folder} holds something that is no state of a sandbox (${foreign}). Choose an empty folder, or one that is not there yet.`,
    );
  const unlock = lockFolder(folder);
  try {
    // It holds tokens.
    chmodSync(folder, 0o700);
    const path = join(folder, JOURNAL);
    const past = readJournal(path);
    const bodies = new Bodies(join(folder, 'bodies'));
    return {
      past,
      bodies,
      begin: (header) => ({ file: JournalFile.begin(path, header), bodies }),
      goOn: () => ({ file: JournalFile.goOn(path, past?.entries.length ?? 0), bodies }),
      leave: unlock,
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

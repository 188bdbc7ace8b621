import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from './lock.ts';
import { beginningOf, readSnapshot } from './snapshot-file.ts';
import type { Beginning, Snapshot } from './snapshot-file.ts';
import { StateRefused } from './state-refused.ts';

const SNAPSHOT = 'snapshot';
/** What may lie in the folder of a sandbox that ended before its first snapshot was written. */
const OWN = new Set(['files', 'lock', 'nodes', 'workspace-objects.jsonl', `${SNAPSHOT}.part`]);

/** The folder of a state that is kept, ours alone until {@link KeptState.leave}. */
export interface KeptState {
  /** What it holds; undefined when the sandbox is new. */
  readonly past: Snapshot | undefined;
  /** Where snapshots are written to. */
  readonly path: string;
  leave(): void;
}

/** What a sandbox that kept its state in this folder was when it began; undefined when none did. */
export const keptIn = (folder: string): Beginning | undefined => beginningOf(join(folder, SNAPSHOT));

/**
 * Opens the folder of a kept state, or makes it.
 * @throws {StateRefused} when another sandbox runs on it, when it is damaged, and when it holds something else.
 */
export function openKeptState(folder: string): KeptState {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = readdirSync(folder);
  const foreign = names.includes(SNAPSHOT) ? undefined : names.find((name) => !OWN.has(name));
  if (foreign !== undefined)
    throw new StateRefused(
      `The folder ${folder} holds something that is no state of a sandbox (${foreign}). Choose an ` +
        'empty folder, or one that is not there yet.',
    );
  const unlock = lockFolder(folder);
  try {
    // It holds tokens.
    chmodSync(folder, 0o700);
    const path = join(folder, SNAPSHOT);
    return { past: readSnapshot(path), path, leave: unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * What each exit status of install-claude-code.sh means, and what to do: of a failed launch the status is all that is
 * sure to arrive.
 */
const MEANINGS: Readonly<Record<number, readonly [meaning: string, toDo: string]>> = {
  20: [
    'The bundle that clusters install is missing in the scripts volume, or this person may not read it.',
    'Stage it: bin/workshop bundle, with the plan. If it is there, grant them USE CATALOG, USE SCHEMA and READ VOLUME.',
  ],
  21: [
    'The bundle in the scripts volume does not have its checksum: somebody changed it, or an upload broke off. ' +
      'Nothing of it was run.',
    'Stage it again: bin/workshop bundle, with the plan.',
  ],
  22: [
    "The node's disk is full: Claude Code needs about 600 MB on /opt.",
    'Choose a node type with a larger local disk in the plan.',
  ],
  23: [
    'Claude Code is installed and does not start.',
    "Read the script's log in the logs volume; stage another version (claudeCode.version in the plan).",
  ],
  24: [
    'The init script cannot work on this node: it is not Linux on x86_64, or one of its settings is wrong.',
    "Choose another node type in the plan; the script's log in the logs volume names the setting.",
  ],
};

/** From the words of a failed launch; undefined when they name no status that the script gives. */
export function meaningOfExit(words: string): { readonly meaning: string; readonly toDo: string } | undefined {
  const status = /exit status is non-zero: (\d{1,3})/i.exec(words)?.[1];
  const found = status === undefined ? undefined : MEANINGS[Number(status)];
  return found && { meaning: found[0], toDo: found[1] };
}

/** For tests: the statuses that are explained. */
export const EXPLAINED_EXITS: readonly number[] = Object.keys(MEANINGS).map(Number);

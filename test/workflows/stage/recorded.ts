import { readFileSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

export const HISTORIES = fileURLToPath(new URL('../histories', import.meta.url));

/** A history in Temporal's own JSON, as `temporal workflow show --output json` writes it. */
export interface RecordedHistory {
  readonly events: readonly { readonly eventType: string; readonly [attribute: string]: unknown }[];
}

/** One run, as it is kept in the repository. */
export interface Recorded {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly history: RecordedHistory;
}

/** `workshop/1` for workshop/1.json → recording, in the order of the names. */
export function readRecordings(): ReadonlyMap<string, Recorded> {
  const files = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .toSorted();
  return new Map(
    files.map((file) => [
      file.slice(0, -'.json'.length),
      JSON.parse(readFileSync(join(HISTORIES, file), 'utf8')) as Recorded,
    ]),
  );
}

/**
 * Replaces all that was recorded before, but for what is frozen. One event a line, so that a difference can be read.
 */
export function writeRecordings(recordings: ReadonlyMap<string, Recorded>): void {
  const kinds = new Set([...recordings.keys()].map((name) => dirname(name)));
  for (const kind of kinds) rmSync(join(HISTORIES, kind), { recursive: true, force: true });
  for (const [name, { workflowId, workflowType, history }] of recordings) {
    mkdirSync(join(HISTORIES, dirname(name)), { recursive: true });
    const events = history.events.map((event) => JSON.stringify(event)).join(',\n');
    writeFileSync(
      join(HISTORIES, `${name}.json`),
      `{"workflowId":${JSON.stringify(workflowId)},"workflowType":${JSON.stringify(workflowType)},` +
        `"history":{"events":[\n${events}\n]}}\n`,
    );
  }
}

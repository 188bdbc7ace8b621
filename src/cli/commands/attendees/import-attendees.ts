import { EXIT, WrongInput } from '../../input/exit.ts';
import { rosterReading } from '../../input/input-files.ts';
import { withClient } from '../../input/with-client.ts';
import { print, printJson } from '../../terminal/output.ts';
import { addAttendees } from './add-attendees.ts';
import { readingLines } from './roster-lines.ts';

export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly by: string;
  readonly json?: boolean;
}

/**
 * Shows what a roster says, or adds its people as `attendees add --file` does. With --dry-run nothing is changed; with
 * an id it says whom that workshop has already.
 * @throws {WrongInput} when the file cannot be read, or no workshop is named that people could be added to.
 */
export async function importAttendees(file: string, id: string | undefined, options: ImportOptions): Promise<void> {
  const { dryRun, by, json } = options;
  if (!dryRun) {
    if (id === undefined)
      throw new WrongInput(
        `Say which workshop they are added to: bin/workshop attendees import ${file} ID. To only see what is in the ` +
          'file, add --dry-run. Nobody was added.',
      );
    return addAttendees(id, [], { file, by, ...(json ? { json } : {}) });
  }
  const reading = await rosterReading(file);
  const already = id === undefined ? undefined : await enrolledIn(id);
  if (json) printJson({ file, ...reading, ...(already ? { already: [...already].toSorted() } : {}) });
  else print(readingLines(file, reading, already).join('\n'));
  if (reading.problems.length > 0) process.exitCode = EXIT.notAsWanted;
}

const enrolledIn = async (id: string): Promise<ReadonlySet<string>> =>
  new Set((await withClient((client) => client.roster(id))).map(({ email }) => email));

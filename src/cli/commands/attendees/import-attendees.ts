import { secondAddresses } from '../../../domain/roster/same-person.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { rosterReading } from '../../input/input-files.ts';
import { withClient } from '../../input/with-client.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { addAttendees } from './add-attendees.ts';
import { enrolledOf, lookUpHere, lookUpIn, type Asked } from './look-up.ts';
import { readingLines } from './roster-lines.ts';

export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly by: string;
  readonly json?: boolean;
}

/**
 * Shows what a roster says, or adds its people as `attendees add --file` does. With --dry-run nothing is changed: with
 * an id it says whom that workshop has already; with that, or with a workspace's credentials, who is in the workspace.
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
  const emails = reading.people.map(({ email }) => email);
  const { already, ...asked }: Asked & { readonly already?: ReadonlySet<string> } =
    id === undefined ? await lookUpHere(emails) : await askedOf(id, emails);
  const second = secondAddresses(asked.people, already ?? new Set());
  if (json)
    printJson({
      file,
      ...reading,
      ...(already ? { already: [...already].toSorted() } : {}),
      ...(asked.silence === undefined ? { lookedUp: asked.people, sameAs: second } : {}),
    });
  else print(readingLines(file, reading, { already, people: asked.people, second }).join('\n'));
  if (asked.silence !== undefined && emails.length > 0)
    say(`Whether they are in the workspace was not asked: ${asked.silence}`);
  if (reading.problems.length > 0) process.exitCode = EXIT.notAsWanted;
}

const askedOf = (id: string, emails: readonly string[]): Promise<Asked & { readonly already: ReadonlySet<string> }> =>
  withClient(async (client) => {
    const already = enrolledOf(await client.roster(id));
    return { ...(await lookUpIn(client, id, emails)), already };
  });

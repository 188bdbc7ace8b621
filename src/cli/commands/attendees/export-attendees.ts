import { rosterCsv } from '../../../domain/roster/roster-csv.ts';
import { writeOut } from '../../pages/write-out.ts';
import { print, say } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface ExportOptions {
  readonly out?: string;
  readonly separator: ',' | ';';
}

/**
 * Prints everybody as a CSV, by address, or writes it into a file that only its owner may read, over an earlier one.
 * @throws {WrongInput} when that file cannot be written.
 */
export async function exportAttendees(given: string | undefined, { out, separator }: ExportOptions): Promise<void> {
  const { id, roster } = await inWorkshop(given, async (client, which) => ({
    id: which,
    roster: await client.roster(which),
  }));
  const seats = roster.toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const csv = rosterCsv({ id }, seats, separator);
  if (out === undefined) return print(csv);
  await writeOut(out, csv);
  say(`${seats.length} people written to ${out}. It names people: keep it to yourself.`);
}

import { rosterCsv } from '../../../domain/roster/roster-csv.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { whoIsConnected } from '../../../domain/tunnels/connected.ts';
import type { About } from '../../../reader.ts';
import { patiently } from '../../input/patiently.ts';
import { hasCredentials, withWorkspace, type SignedIn } from '../../input/with-workspace.ts';
import { writeOut } from '../../pages/write-out.ts';
import { print, say } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';
import { readListings } from '../../../preview.ts';
import { eventOf } from '../../../event/as-one.ts';
import { firstLineOf } from './look-up.ts';

export interface ExportOptions {
  readonly out?: string;
  readonly separator: ',' | ';';
}

/**
 * Prints everybody as a CSV, by address, or writes it into a file that only its owner may read, over an earlier one.
 * Who is connected is in it where the environment has the workspace's credentials.
 * @throws {WrongInput} when that file cannot be written.
 */
export async function exportAttendees(given: string | undefined, { out, separator }: ExportOptions): Promise<void> {
  const { id, roster, known, event } = await inWorkshop(given, async (client, which) => ({
    id: which,
    known: (await client.look(which)).about,
    event: eventOf(client),
    roster: await client.roster(which),
  }));
  const seats = roster.toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const now = Date.now();
  const connected = event
    ? `it is asked of one workspace: export ${event.parts.map((part) => part.id).join(' and ')}.`
    : await connections(known, seats, now);
  const isKnown = typeof connected !== 'string';
  const about = { id, now, prices: known?.prices, ...(isKnown ? { connected } : {}) };
  const csv = rosterCsv(about, seats, separator);
  if (out === undefined) print(csv);
  else await writeOut(out, csv);
  if (!isKnown) say(`The column connected is empty: ${connected}`);
  if (out !== undefined) say(`${seats.length} people written to ${out}. It names people: keep it to yourself.`);
}

/** Address → how they are connected, or why the workspace cannot be asked. */
async function connections(
  known: About | undefined,
  seats: readonly Seat[],
  now: number,
): Promise<ReadonlyMap<string, string> | string> {
  if (known === undefined || !hasCredentials(process.env))
    return "it needs the workspace's credentials in the environment.";
  try {
    // Of every policy: the one of this workshop is known to its worker.
    const read = ({ workspace }: SignedIn) => patiently(() => readListings(workspace, undefined, now));
    const listings = await withWorkspace(known.workspace, read);
    const people = whoIsConnected(seats, listings, known.timeline, now);
    return new Map(people.map(({ email, state }) => [email, state]));
  } catch (error) {
    return firstLineOf(error);
  }
}

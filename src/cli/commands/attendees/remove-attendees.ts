import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { WrongInput } from '../../input/exit.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { whichPerson } from '../../which/which-person.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface RemoveOptions {
  readonly by: string;
  readonly reason?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Takes people off the list, after saying what each of them loses. @throws {WrongInput} for an address that nobody has,
 * or without a yes; nobody was removed then.
 */
export async function removeAttendees(
  given: string | undefined,
  people: readonly string[],
  { by, reason, yes, json }: RemoveOptions,
): Promise<void> {
  if (people.length === 0) throw new WrongInput('Name at least one e-mail address, or its beginning.');
  await inWorkshop(given, async (client, id) => {
    const roster = (await client.roster(id)).filter(({ takenOut }) => !takenOut);
    const seats = new Map(people.map((typed) => whichPerson(roster, typed, id)).map((seat) => [seat.email, seat]));
    say('Removed from the workshop:');
    for (const seat of seats.values()) say(`  ${seat.email}: ${loses(seat)}`);
    say('~/workshop stays theirs, in the workspace. Whoever had a letter gets one that says so.');
    await confirm(`Remove ${seats.size === 1 ? 'this person' : `these ${seats.size} people`}?`, yes);
    const emails = [...seats.keys()];
    const receipt = await client.removeAttendees(id, { emails, by, ...(reason === undefined ? {} : { reason }) });
    if (json) return printJson(receipt);
    print(`${receipt.recorded}. Add somebody again: bin/workshop attendees add ${id} <address>`);
  });
}

/** What goes with them. */
function loses({ cluster, state }: Seat): string {
  if (!cluster || cluster.state === 'GONE') return 'has no cluster, so nothing is lost';
  if (cluster.state === 'RUNNING' && cluster.shared)
    return `cluster ${cluster.id}, which runs: what lies outside ~/workshop is saved first, open terminals end`;
  return `cluster ${cluster.id} (${state}), with nothing on it: its disk was erased when it stopped`;
}

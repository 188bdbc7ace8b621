import { roleWords } from '../../../domain/roster/role-words.ts';
import type { SeatState } from '../../../domain/replayed/seat/seat-states.ts';
import { whatToSay } from '../../../domain/replayed/diagnosis/what-to-say.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { timeOfDay } from '../../../domain/clock/clock.ts';
import { print, printJson } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { inWorkshop } from '../../which/which-workshop.ts';
import { tableWords } from './roster-lines.ts';

export interface ListOptions {
  readonly state?: SeatState;
  readonly json?: boolean;
}

/** Prints everybody's seat, by address. */
export async function listAttendees(given: string | undefined, { state, json }: ListOptions): Promise<void> {
  const { roster, timeZone } = await inWorkshop(given, async (client, id) => ({
    timeZone: (await client.look(id)).about?.timeZone ?? 'UTC',
    roster: await client.roster(id),
  }));
  const seats = roster
    .filter((seat) => state === undefined || seat.state === state)
    .toSorted((a, b) => (a.email < b.email ? -1 : 1));
  if (json) printJson(seats);
  else if (seats.length === 0) print(`Nobody${state === undefined ? '' : ` is ${state}`}.`);
  else print([...rosterLines(seats, timeZone), `Times are those of ${timeZone}.`].join('\n'));
}

/** One line a person, and below it what is wrong and what to do. */
function rosterLines(seats: readonly Seat[], timeZone: string): string[] {
  const widest = Math.min(50, Math.max(...seats.map(({ email }) => email.length)));
  return seats.flatMap((seat) => {
    const { email, state, role, details, isIn } = seat;
    const who = [details?.name, details?.table && tableWords(details.table), isIn && `in ${isIn.name}`]
      .filter(Boolean)
      .join(', ');
    const line = [
      email.padEnd(widest),
      state.padEnd(9),
      clusterWords(seat).padEnd(20),
      seenWords(seat, timeZone).padEnd(25),
      savedWords(seat),
      ...(who === '' ? [] : [who]),
      ...(role === 'attendee' ? [] : [`(${roleWords(role)})`]),
    ];
    return [
      line.join('  ').trimEnd(),
      ...whatToSay(seat).map(({ cause, toDo }) => `    ${oneLine(`${cause} ${toDo}`)}`),
    ];
  });
}

const clusterWords = ({ cluster }: Seat): string => (cluster && cluster.state !== 'GONE' ? cluster.id : '-');

/** Which kind of evidence there is that their cluster serves them. */
function seenWords({ proof }: Seat, timeZone: string): string {
  if (proof === undefined) return 'not looked at';
  const kind = !proof.ok ? 'check fails' : proof.kind === 'attendee' ? 'check passed' : 'started, not tested';
  return `${kind} ${timeOfDay(proof.at, timeZone).slice(0, 5)}`;
}

const SAVED_WORDS = {
  saved: 'saved',
  nothing: 'nothing to save',
  failed: 'saving failed',
  asleep: 'asleep before',
  unseen: 'not looked after',
} as const;
const savedWords = ({ saved }: Seat): string =>
  saved === undefined
    ? ''
    : saved.state === 'saved' && (saved.left ?? 0) > 0
      ? 'saved in part'
      : SAVED_WORDS[saved.state];

import { Command, InvalidArgumentError, Option } from 'commander';
import { normaliseEmail } from '../../../domain/replayed/seat/email.ts';
import { SEAT_STATES, whatIsWrong, type Seat, type SeatState } from '../../../domain/replayed/seat/seat.ts';
import { WrongInput } from '../../input/exit.ts';
import { rosterFrom } from '../../input/files.ts';
import { print, printJson } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { osUser } from '../../input/who.ts';
import { withClient } from '../../input/with-client.ts';

/** One update takes this many at most. */
const AT_ONCE = 500;

/** `workshop attendees`: who takes part, and how they stand. */
export function attendeesCommand(): Command {
  return new Command('attendees')
    .description('List the people of a workshop, or add some: late joiners catch up by themselves.')
    .addCommand(listCommand())
    .addCommand(addCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('List everybody with their state, their cluster, and what is wrong with it.')
    .argument('<id>', "the workshop's id")
    .addOption(new Option('--state <state>', 'only those in this state').choices(SEAT_STATES))
    .option('--json', 'print every seat as JSON')
    .addHelpText('after', '\nExample:\n  workshop attendees list spring-apps --state failed')
    .action((id: string, { state, json }: { state?: SeatState; json?: boolean }) =>
      withClient(async (client) => {
        const all = await client.roster(id);
        const seats = all
          .filter((seat) => state === undefined || seat.state === state)
          .toSorted((a, b) => (a.email < b.email ? -1 : 1));
        if (json) printJson(seats);
        else
          print(
            seats.length === 0 ? `Nobody${state === undefined ? '' : ` is ${state}`}.` : rosterLines(seats).join('\n'),
          );
      }),
    );
}

/** One line a person, and below it what is wrong and what to do. */
function rosterLines(seats: readonly Seat[]): string[] {
  const widest = Math.min(50, Math.max(...seats.map(({ email }) => email.length)));
  return seats.flatMap((seat) => {
    const { email, state, role, cluster } = seat;
    const why = whatIsWrong(seat);
    return [
      `${email.padEnd(widest)}  ${state.padEnd(9)}  ${(cluster && cluster.state !== 'GONE' ? cluster.id : '-').padEnd(20)}  ${seenWords(seat).padEnd(19)}  ${savedWords(seat)}${role === 'attendee' ? '' : `  (${role})`}`.trimEnd(),
      ...(why ? [`    ${oneLine(`${why.cause} ${why.toDo}`)}`] : []),
    ];
  });
}

/** Which kind of evidence there is that their cluster serves them. */
const seenWords = ({ proof }: Seat): string =>
  proof === undefined
    ? 'not looked at'
    : `${!proof.ok ? 'check fails' : proof.kind === 'attendee' ? 'check passed' : 'by events'} ${clock(proof.at)}`;
const clock = (at: number): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(at);

const SAVED_WORDS = {
  saved: 'saved',
  nothing: 'nothing to save',
  failed: 'saving failed',
  asleep: 'asleep before',
  unseen: 'not looked after',
} as const;
const savedWords = ({ saved }: Seat): string => (saved === undefined ? '' : SAVED_WORDS[saved.state]);

function addCommand(): Command {
  return new Command('add')
    .description('Add people to a running workshop, before the day or during it.')
    .argument('<id>', "the workshop's id")
    .argument('[email...]', 'e-mail addresses', emails, [])
    .option('--file <roster>', 'more of them, one a line')
    .option('--by <name>', 'who adds them', osUser())
    .option('--json', 'print who was added and who was there already, as JSON')
    .addHelpText('after', '\nExample:\n  workshop attendees add spring-apps late@example.com')
    .action(async (id: string, given: string[], { file, by, json }: { file?: string; by: string; json?: boolean }) => {
      const listed = file === undefined ? [] : (await rosterFrom(file)).people;
      const people = [...new Set([...given, ...listed])];
      if (people.length === 0) throw new WrongInput('Name at least one e-mail address, or a --file of them.');
      await withClient(async (client) => {
        const added: string[] = [];
        const already: string[] = [];
        for (let at = 0; at < people.length; at += AT_ONCE) {
          const receipt = await client.addAttendees(id, { emails: people.slice(at, at + AT_ONCE), by });
          added.push(...(receipt.added ?? []));
          already.push(...(receipt.already ?? []));
        }
        if (json) return printJson({ added, already });
        print(
          `${added.length} added${already.length > 0 ? `; enrolled already: ${already.join(', ')}` : ''}. See how they get on: bin/workshop attendees list ${id}`,
        );
      });
    });
}

function emails(text: string, before: string[]): string[] {
  const email = normaliseEmail(text);
  if (email === undefined) throw new InvalidArgumentError('It is not an e-mail address.');
  return [...before, email];
}

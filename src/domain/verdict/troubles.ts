import { classOf } from '../replayed/diagnosis/failure-classes.ts';
import { withoutRequests } from './in-words.ts';
import { whatIsWrong, type Seat } from '../replayed/seat/seat.ts';
import { whatToSay } from '../replayed/diagnosis/what-to-say.ts';

/** Something that is wrong with people's clusters, or beside or before them: told once, for all who have it. */
export interface Trouble {
  /** Their addresses, in the order of the alphabet. */
  readonly people: readonly string[];
  readonly cause: string;
  readonly toDo: string;
  /** Nothing mends it but a person. */
  readonly needsPerson: boolean;
  /** It is no chance: only a person can mend it, or somebody met it more than once. */
  readonly isLasting: boolean;
  /** What all of them do meanwhile, if it is the same and they are being tried again. */
  readonly meanwhile?: string;
  /** When the first of them is tried again, epoch milliseconds; nobody is while they are under way. */
  readonly retryAt?: number;
  /** It is about their letter, and their cluster is well. */
  readonly isLetter: boolean;
}

/** What makes the same trouble read differently at each person: ids of requests, clusters and pools. */
const OWN = /\s*\[request [^\]]*\]|\d{4}-\d{6}-[a-z0-9]+(?:-pool-[a-z0-9]+)?/g;

const isTroubled = ({ state, failures, lost, letterTrouble }: Seat): boolean =>
  state === 'failed' || (failures > 0 && lost !== undefined) || letterTrouble !== undefined;

/** What is wrong, that of most people first; who has the same is one entry. */
export function troublesOf(seats: readonly Seat[]): Trouble[] {
  const troubled = seats.filter(isTroubled).toSorted((a, b) => (a.email < b.email ? -1 : 1));
  return [...Map.groupBy(troubled, keyOf).values()]
    .map(troubleOf)
    .toSorted((a, b) => Number(a.isLetter) - Number(b.isLetter) || b.people.length - a.people.length);
}

const wordsOf = (seat: Seat): string =>
  whatToSay(seat)
    .map(({ cause, toDo }) => `${cause} ${toDo}`)
    .join(' ');

const keyOf = (seat: Seat): string => wordsOf(seat).replaceAll(OWN, '').replaceAll(seat.email, '');

function troubleOf(group: readonly [Seat, ...Seat[]] | readonly Seat[]): Trouble {
  const [first, ...others] = group;
  if (first === undefined) throw new RangeError('a trouble that nobody has');
  const wrong = whatIsWrong(first);
  const [worst = { cause: '', toDo: '' }, ...rest] = whatToSay(first);
  // What names one of them says nothing of the others.
  const namesOne = others.length > 0 && wrong !== undefined && `${worst.cause} ${worst.toDo}`.includes(first.email);
  const { what, person } = classOf(wrong?.class ?? '');
  const said = namesOne ? { cause: what, toDo: person } : worst;
  const more = rest.map(({ cause, toDo }) => ` ${cause} ${toDo}`).join('');
  const again = group.flatMap(({ state, retryAt }) => (state === 'failed' && retryAt !== undefined ? [retryAt] : []));
  const states = new Set(group.map(({ state }) => state));
  return {
    people: group.map(({ email }) => email),
    cause: withoutRequests(said.cause),
    toDo: withoutRequests(`${said.toDo}${more}`),
    needsPerson: wrong?.remedy === 'person',
    isLasting: wrong?.remedy === 'person' || group.some(({ failures }) => failures > 1),
    ...(states.size === 1 && wrong !== undefined && first.state !== 'failed' ? { meanwhile: first.state } : {}),
    ...(again.length > 0 ? { retryAt: Math.min(...again) } : {}),
    isLetter: wrong === undefined,
  };
}

import { whatToSay, type Seat } from '../../domain/replayed/seat/seat.ts';
import { oneLine, type Style } from './style.ts';

/** People named, and different troubles told. */
const MOST_SHOWN = 15;

/** What makes the same trouble read differently at each person. */
const OWN = /\[request [^\]]*\]|\d{4}-\d{6}-[a-z0-9]+/g;

/**
 * Those whose cluster, or something beside or before it, failed and is not mended yet, by address: who and why. What is
 * the same for several is said once.
 */
export function failingLines(seats: readonly Seat[], id: string, style: Style): string[] {
  const failing = seats
    .filter(
      ({ state, failures, lost, letterTrouble }) =>
        state === 'failed' || (failures > 0 && lost !== undefined) || letterTrouble !== undefined,
    )
    .toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const alike = [...Map.groupBy(failing, (seat) => wordsOf(seat).join('\n').replaceAll(OWN, '')).values()];
  const more = alike.slice(MOST_SHOWN).flat().length;
  return [
    ...alike
      .slice(0, MOST_SHOWN)
      .flatMap((group) => [
        `  ${style.red('✘')} ${whoOf(group)}${stateOf(group, style)}`,
        ...group.slice(0, 1).flatMap(wordsOf),
      ]),
    ...(more > 0 ? [`  … and ${more} more: bin/workshop attendees list ${id}`] : []),
  ];
}

const wordsOf = (seat: Seat): string[] =>
  whatToSay(seat).map(({ cause, toDo }) => `      ${oneLine(`${cause} ${toDo}`)}`);

function whoOf(group: readonly Seat[]): string {
  const named = group.slice(0, MOST_SHOWN).map(({ email }) => email);
  const more = group.length - named.length;
  return (
    (group.length === 1 ? '' : `${group.length} people: `) + named.join(', ') + (more > 0 ? ` and ${more} more` : '')
  );
}

/** What those do meanwhile who are being tried again. */
function stateOf(group: readonly Seat[], style: Style): string {
  const said = new Set(group.map(({ state, failures }) => (failures > 0 ? `${state}, after a failure` : state)));
  return said.size > 1 || group[0]?.state === 'failed' ? '' : `  ${style.dim([...said].join(''))}`;
}

import { whatToSay, type Seat } from '../../domain/replayed/seat/seat.ts';
import { oneLine, type Style } from './style.ts';

const MOST_SHOWN = 15;

/** Those whose cluster, or something beside or before it, failed and is not mended yet, by address: who and why. */
export function failingLines(seats: readonly Seat[], id: string, style: Style): string[] {
  const failing = seats
    .filter(
      ({ state, failures, lost, letterTrouble }) =>
        state === 'failed' || (failures > 0 && lost !== undefined) || letterTrouble !== undefined,
    )
    .toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const more = failing.length - MOST_SHOWN;
  return [
    ...failing.slice(0, MOST_SHOWN).flatMap((seat) => {
      const { email, state, failures } = seat;
      const since = failures > 0 ? `${state}, after a failure` : state;
      return [
        `  ${style.red('✘')} ${email}${state === 'failed' ? '' : `  ${style.dim(since)}`}`,
        ...whatToSay(seat).map(({ cause, toDo }) => `      ${oneLine(`${cause} ${toDo}`)}`),
      ];
    }),
    ...(more > 0 ? [`  … and ${more} more: bin/workshop attendees list ${id}`] : []),
  ];
}

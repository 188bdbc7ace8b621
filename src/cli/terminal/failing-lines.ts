import { whatIsWrong, type Seat } from '../../domain/replayed/seat/seat.ts';
import { oneLine, type Style } from './style.ts';

const MOST_SHOWN = 15;

/** Those whose cluster, or something before it, failed and is not mended yet, by address: who and why. */
export function failingLines(seats: readonly Seat[], id: string, style: Style): string[] {
  const failing = seats
    .filter(({ state, failures, lost }) => state === 'failed' || (failures > 0 && lost !== undefined))
    .toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const more = failing.length - MOST_SHOWN;
  return [
    ...failing.slice(0, MOST_SHOWN).flatMap((seat) => {
      const { email, state } = seat;
      const why = whatIsWrong(seat);
      return [
        `  ${style.red('✘')} ${email}${state === 'failed' ? '' : `  ${style.dim(`${state}, after a failure`)}`}`,
        ...(why ? [`      ${oneLine(`${why.cause} ${why.toDo}`)}`] : []),
      ];
    }),
    ...(more > 0 ? [`  … and ${more} more: bin/workshop attendees list ${id}`] : []),
  ];
}

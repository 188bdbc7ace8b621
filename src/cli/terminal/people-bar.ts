import type { Totals } from '../../domain/replayed/seat/totals.ts';
import type { SeatState } from '../../domain/replayed/seat/seat.ts';
import type { Style } from './style.ts';

/** From done to not begun, so that the bar fills from the left. Signs differ too: not everybody sees colours. */
const LOOKS: Readonly<Record<SeatState, readonly [sign: string, colour: keyof Style]>> = {
  released: ['▪', 'dim'],
  ready: ['█', 'green'],
  asleep: ['z', 'blue'],
  starting: ['▓', 'cyan'],
  verifying: ['▒', 'cyan'],
  parked: ['■', 'blue'],
  creating: ['░', 'yellow'],
  waiting: ['~', 'yellow'],
  enrolled: ['·', 'dim'],
  failed: ['✘', 'red'],
};
const ORDER = Object.keys(LOOKS) as SeatState[];

/** Attendees as a bar of that many columns, each state at least one column wide. Empty without attendees. */
export function peopleBar({ attendees, byState }: Totals, columns: number, style: Style): string {
  if (attendees === 0 || columns < ORDER.length) return '';
  const present = ORDER.filter((state) => (byState[state] ?? 0) > 0);
  const width = Math.min(columns, Math.max(attendees, present.length));
  const share = new Map(
    present.map((state) => [state, Math.max(1, Math.floor(((byState[state] ?? 0) / attendees) * width))]),
  );
  // Rounding leaves some columns over, or takes too many: the largest state bears it, which nobody sees.
  const largest = present.toSorted((a, b) => (byState[b] ?? 0) - (byState[a] ?? 0))[0];
  const used = [...share.values()].reduce((sum, n) => sum + n, 0);
  if (largest !== undefined) share.set(largest, (share.get(largest) ?? 0) + width - used);
  return present
    .map((state) => style[LOOKS[state][1]](LOOKS[state][0].repeat(Math.max(0, share.get(state) ?? 0))))
    .join('');
}

/** `█ 120 ready  ▓ 12 starting`. */
export function peopleLegend({ byState }: Totals, style: Style): string {
  return ORDER.filter((state) => (byState[state] ?? 0) > 0)
    .map((state) => `${style[LOOKS[state][1]](LOOKS[state][0])} ${byState[state]} ${state}`)
    .join('  ');
}

/** `120 ready, 12 starting`, for lines without a bar. */
export function peopleWords({ attendees, byState }: Totals): string {
  const states = ORDER.filter((state) => (byState[state] ?? 0) > 0).map((state) => `${byState[state]} ${state}`);
  return attendees === 0 ? 'nobody enrolled yet' : states.join(', ');
}

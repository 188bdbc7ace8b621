import { isUp } from '../replayed/seat/seat-state.ts';
import type { Seat } from '../replayed/seat/seat.ts';
import { forecast, type Forecast, type ForecastRules } from './forecast.ts';
import { troublesOf, type Trouble } from './troubles.ts';

/** What everybody's seats tell of where a workshop stands. */
export interface PeopleStanding {
  readonly troubles: readonly Trouble[];
  readonly forecast?: Forecast | undefined;
  /** How long their clusters were up so far, those that are up included; milliseconds of the calendar. */
  readonly clusterUpMs: number;
}

/** Reads it off the seats. */
export function peopleStanding(seats: readonly Seat[], rules: ForecastRules): PeopleStanding {
  const upMs = seats.reduce(
    (sum, seat) =>
      sum + seat.upMs + (isUp(seat) ? Math.max(0, rules.now - (seat.cluster?.launchedAt ?? rules.now)) : 0),
    0,
  );
  return { troubles: troublesOf(seats), forecast: forecast(seats, rules), clusterUpMs: upMs * rules.speed };
}

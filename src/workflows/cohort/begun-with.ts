import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { Newcomer, Raise } from '../shared/messages.ts';
import type { Setting } from '../shared/setting.ts';
import type { Place } from './places.ts';

/** What a cohort begins with, and hands over to its next run. */
export interface CohortInput extends Setting {
  readonly v: 1;
  readonly n: number;
  readonly newcomers: readonly Newcomer[];
  readonly wanted: Raise;
  readonly testersWanted: Raise;
  readonly places?: readonly Place[];
  /** What an earlier run, which was ended from outside, knew last. */
  readonly seats?: readonly Seat[];
  readonly seq?: number;
  readonly releasing?: boolean;
  /** People are to be looked up again, and were not yet. */
  readonly toLookUp?: boolean;
  /** The heading that the guide was open at when this run began. */
  readonly page?: number;
}

import { condition, getExternalWorkflowHandle, setCurrentDetails, sleep } from '@temporalio/workflow';
import { workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { totalsOf, type Totals } from '../../domain/replayed/seat/totals.ts';
import { MINUTE } from '../../domain/replayed/time/units.ts';
import { cohortReport } from '../shared/messages.ts';
import type { Setting } from '../shared/setting.ts';
import type { Places } from './places.ts';

/** So many cohorts may report as often as the pace says; of more, each waits longer, so that all together do not. */
const COHORTS = 2;

/** What a cohort tells its lifecycle: totals and a number, and only what is new. */
export class TotalsReports {
  readonly #cohort: Pick<Setting, 'run' | 'pace'> & { readonly n: number };
  readonly #places: Pick<Places, 'seats' | 'version'>;
  readonly #cohorts: () => number | undefined;
  #seq: number;
  /** The totals that were last reported, as text. */
  #reported = '';
  /** The last totals that were added up, as text too, and what they were added up of. */
  #added: { readonly version: number; readonly totals: Totals; readonly text: string } | undefined;

  /**
   * @param seq number of the last report of an earlier run
   * @param cohorts how many of them report to the lifecycle, as far as is known
   */
  constructor(
    cohort: Pick<Setting, 'run' | 'pace'> & { readonly n: number },
    seq: number,
    places: Pick<Places, 'seats' | 'version'>,
    cohorts: () => number | undefined = () => 1,
  ) {
    this.#cohort = cohort;
    this.#seq = seq;
    this.#places = places;
    this.#cohorts = cohorts;
  }

  /** The number of the last report. */
  get seq(): number {
    return this.#seq;
  }

  /** A lifecycle that took over this cohort knows nothing of it yet. */
  repeat(): void {
    this.#reported = '';
  }

  /** Until the run ends; at most so often as the pace says. */
  async run(isLeaving: () => boolean): Promise<void> {
    const isNew = () => this.#now().text !== this.#reported;
    for (;;) {
      await this.send();
      await sleep(this.#pause, { summary: 'before the next totals' });
      await condition(() => isLeaving() || isNew());
      if (isLeaving()) return;
    }
  }

  async send(): Promise<void> {
    const { totals, text } = this.#now();
    this.#reported = text;
    this.#seq += 1;
    const states = Object.entries(totals.byState).map(([state, count]) => `${count} ${state}`);
    setCurrentDetails(`${totals.attendees} attendees: ${states.join(', ')}`);
    try {
      const lifecycle = getExternalWorkflowHandle(workshopAddress(this.#cohort.run.workshopId));
      await lifecycle.signal(cohortReport, { n: this.#cohort.n, seq: this.#seq, totals });
    } catch {
      // The lifecycle is gone; the reaper looks after what it left.
    }
  }

  get #pause(): number {
    const { totals } = this.#cohort.pace;
    return Math.max(totals, Math.min(MINUTE, Math.round((totals * (this.#cohorts() ?? 1)) / COHORTS)));
  }

  /** Asked after everything that happens: added up anew only when a seat has changed. */
  #now(): { readonly totals: Totals; readonly text: string } {
    const { version } = this.#places;
    if (this.#added?.version === version) return this.#added;
    const totals = totalsOf(this.#places.seats());
    this.#added = { version, totals, text: JSON.stringify(totals) };
    return this.#added;
  }
}

import { condition, getExternalWorkflowHandle, setCurrentDetails, sleep } from '@temporalio/workflow';
import { workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { totalsOf } from '../../domain/replayed/seat/totals.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { cohortReport } from '../shared/messages.ts';
import type { Setting } from '../shared/setting.ts';

/** What a cohort tells its lifecycle: totals and a number, and only what is new. */
export class TotalsReports {
  readonly #cohort: Pick<Setting, 'run' | 'pace'> & { readonly n: number };
  readonly #seats: () => readonly Seat[];
  #seq: number;
  /** The totals that were last reported, as text. */
  #reported = '';

  /** @param seq number of the last report of an earlier run */
  constructor(
    cohort: Pick<Setting, 'run' | 'pace'> & { readonly n: number },
    seq: number,
    seats: () => readonly Seat[],
  ) {
    this.#cohort = cohort;
    this.#seq = seq;
    this.#seats = seats;
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
    const isNew = () => JSON.stringify(totalsOf(this.#seats())) !== this.#reported;
    for (;;) {
      await this.send();
      await sleep(this.#cohort.pace.totals, { summary: 'before the next totals' });
      await condition(() => isLeaving() || isNew());
      if (isLeaving()) return;
    }
  }

  async send(): Promise<void> {
    const totals = totalsOf(this.#seats());
    this.#reported = JSON.stringify(totals);
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
}

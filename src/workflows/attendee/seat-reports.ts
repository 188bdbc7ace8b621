import { getExternalWorkflowHandle, setCurrentDetails } from '@temporalio/workflow';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { copyOf } from '../shared/copy.ts';
import { seatReport } from '../shared/messages.ts';

/** What a seat tells its cohort: each time the whole seat and a number, and only what is new. */
export class SeatReports {
  readonly #cohort: string;
  #seq: number;
  /** The last report, as text. */
  #reported = '';

  /**
   * @param cohort workflow id of the cohort that is told
   * @param seq number of the last report of an earlier run
   */
  constructor(cohort: string, seq: number) {
    this.#cohort = cohort;
    this.#seq = seq;
  }

  /** The number of the last report. */
  get seq(): number {
    return this.#seq;
  }

  /** Whoever asks does not know how things stand: the next report is sent whether it is new or not. */
  repeat(): void {
    this.#reported = '';
  }

  /** A cohort that is gone needs no report; teardown finds what is left by its tags. */
  async send(seat: Seat): Promise<void> {
    if (JSON.stringify(seat) !== this.#reported) await this.#send(seat, false);
  }

  /** Nothing follows any more. */
  sendLast(seat: Seat): Promise<void> {
    return this.#send(seat, true);
  }

  async #send(seat: Seat, closed: boolean): Promise<void> {
    this.#reported = JSON.stringify(seat);
    this.#seq += 1;
    const { state, diagnosis, key } = seat;
    setCurrentDetails(`**${state}**${diagnosis ? `: ${diagnosis.cause}` : ''}`);
    try {
      const cohort = getExternalWorkflowHandle(this.#cohort);
      await cohort.signal(seatReport, { key, seq: this.#seq, seat: copyOf(seat), closed });
    } catch {
      // See `send`.
    }
  }
}

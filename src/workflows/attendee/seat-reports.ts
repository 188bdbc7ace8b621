import { getExternalWorkflowHandle, setCurrentDetails } from '@temporalio/workflow';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { Calls } from '../shared/calls.ts';
import { copyOf } from '../shared/copy.ts';
import { seatReport } from '../shared/messages.ts';

/** How a seat that an earlier run left is told of. */
interface Before {
  /** Number of the last report of an earlier run. */
  readonly seq: number;
  /** What that report said, when it is known: nothing of it is told again. */
  readonly told?: Seat | undefined;
  /** Tells it together with what others report; undefined: one signal each, as seats did that began earlier. */
  readonly tell?: Calls['tellCohort'] | undefined;
}

/** What a seat tells its cohort: each time the whole seat and a number, and only what is new. */
export class SeatReports {
  readonly #cohort: string;
  readonly #tell: Calls['tellCohort'] | undefined;
  #seq: number;
  /** The last report, as text. */
  #reported: string;

  /** @param cohort workflow id of the cohort that is told */
  constructor(cohort: string, { seq, told, tell }: Before) {
    this.#cohort = cohort;
    this.#seq = seq;
    this.#tell = tell;
    this.#reported = told ? JSON.stringify(told) : '';
  }

  /** The number of the last report. */
  get seq(): number {
    return this.#seq;
  }

  /** True when the last report said all of this. */
  hasTold(seat: Seat): boolean {
    return JSON.stringify(seat) === this.#reported;
  }

  /** Whoever asks does not know how things stand: the next report is sent whether it is new or not. */
  repeat(): void {
    this.#reported = '';
  }

  /** A cohort that is gone needs no report; teardown finds what is left by its tags. */
  async send(seat: Seat): Promise<void> {
    if (!this.hasTold(seat)) await this.#send(seat, false);
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
    const report = { key, seq: this.#seq, seat: copyOf(seat), closed };
    try {
      if (this.#tell) await this.#tell({ cohort: this.#cohort, report });
      else await getExternalWorkflowHandle(this.#cohort).signal(seatReport, report);
    } catch {
      // See `send`.
    }
  }
}

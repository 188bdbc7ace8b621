import { patched, sleep } from '@temporalio/workflow';
import type { Seat } from '../../../../src/domain/replayed/seat/seat.ts';
import { SeatReports as TodaysSeatReports } from '../../../../src/workflows/attendee/seat-reports.ts';

/** Tomorrow an attendee takes a breath before its last report. */
export class SeatReports extends TodaysSeatReports {
  // Not async: on the old way not even a promise more may be waited for, or what follows comes in another order.
  override sendLast(seat: Seat): Promise<void> {
    return patched('tomorrow-ends-slowly') ? sleep(1).then(() => super.sendLast(seat)) : super.sendLast(seat);
  }
}

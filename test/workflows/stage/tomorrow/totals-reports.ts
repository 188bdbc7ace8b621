import { patched, sleep } from '@temporalio/workflow';
import { TotalsReports as TodaysTotalsReports } from '../../../../src/workflows/cohort/totals-reports.ts';

/** Tomorrow a cohort takes a breath before it reports. */
export class TotalsReports extends TodaysTotalsReports {
  // Not async, as in seat-reports.ts.
  override send(): Promise<void> {
    return patched('tomorrow-takes-a-breath') ? sleep(1).then(() => super.send()) : super.send();
  }
}

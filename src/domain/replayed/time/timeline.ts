/** Every moment of a workshop, in epoch milliseconds, computed once outside workflow code and recorded. */
export interface Timeline {
  readonly twoWeeksBefore: number;
  readonly oneWeekBefore: number;
  readonly dayBefore: number;
  readonly dayOf: number;
  readonly start: number;
  readonly end: number;
  /** When teardown begins: the end plus the plan's grace. */
  readonly teardown: number;
}

/** In milliseconds. A day here is 24 hours: what is meant by the calendar is computed in timeline-of-plan.ts. */
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

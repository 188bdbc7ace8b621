import { excerpt } from './problem.ts';

/** Milliseconds in the units a plan may use. */
const UNIT = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** A span of calendar days (same wall time, whatever the clocks do) plus an exact number of milliseconds. */
export interface Offset {
  readonly days: number;
  readonly ms: number;
}

/**
 * Reads `14d`, `1h30m`, `45s`, also with a space between the parts. Days are kept apart because a calendar day is not
 * always 24 hours long.
 * @throws {RangeError} with a sentence for the facilitator when the text is not a duration.
 */
export function parseOffset(text: string): Offset {
  const match = /^(?:(\d{1,4}) ?d)? ?(?:(\d{1,5}) ?h)? ?(?:(\d{1,6}) ?m)? ?(?:(\d{1,7}) ?s)?$/.exec(
    text.trim().toLowerCase(),
  );
  if (!match || text.trim() === '') {
    throw new RangeError(`"${excerpt(text)}" is not a duration: write it like 14d, 4h, 1h30m or 20m`);
  }
  const [, d, h, m, s] = match.map((part) => Number(part ?? 0)) as [number, number, number, number, number];
  return { days: d, ms: h * UNIT.h + m * UNIT.m + s * UNIT.s };
}

/** Like {@link parseOffset}, for spans that must be exact: refuses days. Returns milliseconds. */
export function parseDuration(text: string): number {
  const { days, ms } = parseOffset(text);
  if (days > 0)
    throw new RangeError(
      `"${excerpt(text)}" counts in days: give hours, minutes or seconds here, like ` +
        writtenDuration(days * 24 * UNIT.h + ms),
    );
  return ms;
}

/** `26h`, `1h30m`: as a plan writes it. */
function writtenDuration(ms: number): string {
  const parts = [
    [Math.floor(ms / UNIT.h), 'h'],
    [Math.floor((ms % UNIT.h) / UNIT.m), 'm'],
    [Math.floor((ms % UNIT.m) / UNIT.s), 's'],
  ] as const;
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join('') || '0m'
  );
}

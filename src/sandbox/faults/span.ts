const UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const PART = /(\d{1,7}) ?(ms|s|m|h)/g;
const WHOLE = /^(?:\d{1,7} ?(?:ms|s|m|h) ?)+$/;

/** True for `250ms`, `45s`, `10m`, `1h30m`. */
export const isSpan = (text: string): boolean => WHOLE.test(text);

/** Milliseconds of a span. */
export function milliseconds(span: string): number {
  return [...span.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * UNIT[unit as keyof typeof UNIT], 0);
}

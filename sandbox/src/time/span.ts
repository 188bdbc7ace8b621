const UNIT = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d{1,7}(?:\.\d{1,3})?) ?(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d{1,7}(?:\.\d{1,3})? ?(?:ms|s|m|h|d) ?)+$/;

/** True for `250ms`, `45s`, `10m`, `1h30m`, `3d`. */
export const isSpan = (text: string): boolean => WHOLE.test(text);

/** Milliseconds of a span, whole ones. */
export function milliseconds(span: string): number {
  return Math.round(
    [...span.matchAll(PART)].reduce((sum, [, count, unit]) => sum + Number(count) * UNIT[unit as keyof typeof UNIT], 0),
  );
}

/** A part of a page, from its longest to its shortest version. */
export type Part = readonly (readonly string[])[];

/**
 * A page of at most so many lines: while it is too long, one part after the other gives way to a shorter version.
 * What even then does not fit is cut off at the end.
 * @param parts in the order in which they are read
 * @param givesWay the parts' places, the one that gives way first being first; a place may come several times
 */
export function fitted(parts: readonly Part[], givesWay: readonly number[], rows: number): string[] {
  const version = parts.map(() => 0);
  const lines = () => parts.flatMap((part, n) => part[version[n] ?? 0] ?? []);
  for (const n of givesWay) {
    if (lines().length <= rows) break;
    version[n] = Math.min((version[n] ?? 0) + 1, (parts[n]?.length ?? 1) - 1);
  }
  return lines().slice(0, rows);
}

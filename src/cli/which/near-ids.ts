const MOST = 3;

/** Those of the ids that somebody may have meant who typed another one, the nearest first. */
export function nearIds(typed: string, ids: readonly string[]): string[] {
  // People paste the workflow's id, and write as they speak.
  const meant = typed
    .trim()
    .toLowerCase()
    .replace(/^workshop\//, '')
    .replace(/[\s_.]+/g, '-');
  const bound = Math.max(2, Math.floor(meant.length / 3));
  return ids
    .map((id) => ({ id, far: isPartOf(meant, id) ? 0 : mistakes(meant, id) }))
    .filter(({ far }) => far <= bound)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, MOST)
    .map(({ id }) => id);
}

const isPartOf = (meant: string, id: string): boolean => meant.length >= 3 && id.includes(meant);

/** Letters left out, put in, changed, or exchanged with their neighbour, between two words. */
function mistakes(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

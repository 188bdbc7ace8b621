/** So many letters are written at once. */
const AT_ONCE = 250;

/** Writes to each of them, many at once, so that what is posted within a moment leaves together. */
export async function toAll<T>(people: readonly T[], write: (one: T) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < people.length; n += AT_ONCE) await Promise.all(people.slice(n, n + AT_ONCE).map(write));
}

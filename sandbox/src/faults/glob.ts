/**
 * Whether a text is what a pattern means: `*` stands for anything, slashes included, `?` for one character, all else
 * for itself. A regular expression would do, but a hostile one could take minutes.
 */
export function fitsGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let retry = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      t = ++retry;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** One pattern, or several of which one is enough. */
export const fitsAny = (patterns: string | readonly string[], text: string): boolean =>
  (typeof patterns === 'string' ? [patterns] : patterns).some((pattern) => fitsGlob(pattern, text));

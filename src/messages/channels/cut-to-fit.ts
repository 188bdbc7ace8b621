const CUT = "\n\n(Cut here; the whole text is in the worker's folder.)";
/** Less than this part of what fits is not left away for the sake of a whole line. */
const WHOLE_LINES = 0.8;

/**
 * A text as it is where it fits, and otherwise as much of its beginning as does, with a sign that it was cut; at the
 * end of a line where that takes little more away.
 * @param fits whether a channel takes a message with that text; what is longer must not fit better
 */
export function cutToFit(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  let [least, most] = [0, text.length];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (fits(begins(text, middle) + CUT)) least = middle;
    else most = middle;
  }
  const line = text.lastIndexOf('\n', least);
  return begins(text, line > least * WHOLE_LINES ? line : least).trimEnd() + CUT;
}

/** No half of a character that is two to JavaScript. */
const begins = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

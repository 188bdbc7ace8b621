const COLUMNS = 76;

/** A line as it is written, or prose, with what stands before its second line and all that follow. */
interface Line {
  text: string;
  readonly hanging?: string;
}

/**
 * Breaks prose into lines for programs that show mail as plain text. What is indented stays a line of its own, however
 * long; what goes on in a numbered step stands under its text.
 */
export const wrapped = (text: string): string => linesOf(text).flatMap(broken).join('\n');

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  /** The prose that goes on. */
  let open: Line | undefined;
  let inStep = false;
  for (const line of text.split('\n')) {
    // A number that happens to begin a line of prose, like that of a day, is no step.
    const beginsStep = /^\d{1,2}\. /.test(line) && (inStep || open === undefined);
    const isProse = /^\S/.test(line) || (inStep && /^ {1,3}\S/.test(line));
    if (open && isProse && !beginsStep) open.text += ` ${line.trim()}`;
    else {
      if (beginsStep) inStep = true;
      else if (/^(?:\S|\s*$)/.test(line)) inStep = false;
      const next: Line = { text: line.trimEnd(), ...(isProse ? { hanging: inStep ? '   ' : '' } : {}) };
      open = isProse ? next : undefined;
      lines.push(next);
    }
  }
  return lines;
}

function broken({ text, hanging }: Line): string[] {
  if (hanging === undefined) return [text];
  const lines: string[] = [];
  const [first = '', ...words] = text.trim().split(/\s+/);
  let line = (/^ */.exec(text)?.[0] ?? '') + first;
  for (const word of words) {
    if (line.length + 1 + word.length <= COLUMNS) line += ` ${word}`;
    else {
      lines.push(line);
      line = hanging + word;
    }
  }
  return [...lines, line];
}

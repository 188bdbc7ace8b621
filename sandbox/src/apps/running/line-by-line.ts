const LONGEST = 8_192;

/** Takes text as it comes and gives it on line by line, a very long one in pieces. */
export class LineByLine {
  readonly #onLine: (line: string) => void;
  #begun = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.#begun + text).split('\n');
    this.#begun = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line.replace(/\r$/, ''));
    if (this.#begun.length > LONGEST) this.end();
  }

  /** Gives what has no end of line yet. */
  end(): void {
    if (this.#begun !== '') this.#onLine(this.#begun);
    this.#begun = '';
  }
}

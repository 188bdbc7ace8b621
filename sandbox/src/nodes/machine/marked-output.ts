/** Of what a command prints; a little more than is answered. */
const MOST_KEPT = 6 * 1_048_576;
/** What is told behind a marker, a trace for example. */
const LONGEST_NEWS = 8 * 1_048_576;

/** What a program prints, and in it the lines that begin with a marker: `\n<marker>news\n`. Keeps the beginning only, however much it is. */
export class MarkedOutput {
  readonly #begin: string;
  #kept = '';
  /** In which a marker may still begin or end. */
  #rest = '';

  constructor(marker: string) {
    this.#begin = `\n${marker}`;
  }

  /** Answers what was told behind markers that are whole now. */
  add(text: string): string[] {
    const news: string[] = [];
    this.#rest += text;
    for (let at = this.#rest.indexOf(this.#begin); at >= 0; at = this.#rest.indexOf(this.#begin)) {
      const end = this.#rest.indexOf('\n', at + this.#begin.length);
      if (end < 0 && this.#rest.length - at < LONGEST_NEWS) return news;
      this.keep(this.#rest.slice(0, at));
      news.push(this.#rest.slice(at + this.#begin.length, end < 0 ? undefined : end));
      this.#rest = end < 0 ? '' : this.#rest.slice(end + 1);
    }
    this.keep(this.#rest.slice(0, -this.#begin.length));
    this.#rest = this.#rest.slice(-this.#begin.length);
    return news;
  }

  /** Everything else that was printed, which is forgotten then. */
  take(): string {
    this.keep(this.#rest);
    const printed = this.#kept;
    this.#kept = '';
    this.#rest = '';
    return printed;
  }

  /** Printed where no marker is looked for. */
  keep(text: string): void {
    if (this.#kept.length < MOST_KEPT) this.#kept += text.slice(0, MOST_KEPT - this.#kept.length);
  }
}

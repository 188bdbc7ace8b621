/** What is told behind a marker, a trace for example. */
const LONGEST_NEWS = 8 * 1_048_576;

/**
 * Finds in what a program prints the lines that begin with a marker: `\n<marker>news\n`. Everything else is passed
 * over.
 */
export class MarkedOutput {
  readonly #begin: string;
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
      news.push(this.#rest.slice(at + this.#begin.length, end < 0 ? undefined : end));
      this.#rest = end < 0 ? '' : this.#rest.slice(end + 1);
    }
    this.#rest = this.#rest.slice(-this.#begin.length);
    return news;
  }
}

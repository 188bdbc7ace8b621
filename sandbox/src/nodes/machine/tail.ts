import { StringDecoder } from 'node:string_decoder';

const MOST = 1_048_576;

/** The end of what a program prints: about the last million characters. */
export class Tail {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';
  #isCut = false;

  /** Answers the text of these bytes; a character in two pieces comes with the second. */
  add(bytes: Buffer): string {
    const text = this.#decoder.write(bytes);
    this.#text += text;
    if (this.#text.length > MOST * 2) {
      this.#text = this.#text.slice(-MOST);
      this.#isCut = true;
    }
    return text;
  }

  text(): string {
    return this.#isCut ? `[The beginning is left out.]\n${this.#text}` : this.#text;
  }
}

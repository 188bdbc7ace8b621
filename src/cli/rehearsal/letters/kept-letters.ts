import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import PostalMime, { type Attachment } from 'postal-mime';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** What a list of letters shows of one. */
export interface LetterHead {
  /** From 1, in the order in which they came. */
  readonly id: number;
  /** As the envelope says, which is where it went. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  /** When it came, epoch milliseconds. */
  readonly at: number;
}

/** A whole letter. */
export interface Letter extends LetterHead {
  readonly from: string;
  readonly text: string;
  /** Absent where it came as plain text only. */
  readonly html?: string;
  readonly attachments: readonly LetterAttachment[];
}

/** What came along with a letter. */
export interface LetterAttachment {
  readonly name: string;
  /** Its media type without parameters, like `text/calendar`. */
  readonly type: string;
  /** Of an entry for a calendar: REQUEST or CANCEL. */
  readonly method?: string;
  readonly bytes: Uint8Array;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CALENDAR = 'text/calendar';

/**
 * Letters as they came, packed: thousands, each with the same attachments, take a few kilobytes apiece. A letter is
 * taken apart only when somebody opens it; of most nobody does.
 */
export class KeptLetters {
  readonly #letters: { readonly head: LetterHead; readonly packed: Uint8Array }[] = [];

  /** Keeps a letter as it came in over SMTP. */
  async take(raw: Buffer, to: readonly string[], at = Date.now()): Promise<void> {
    const end = raw.indexOf(END_OF_HEAD);
    const { subject = '', messageId = '' } = await PostalMime.parse(end < 0 ? raw : raw.subarray(0, end + 4));
    // A copy: what comes out of packing holds on to memory several times its own size.
    const packed = new Uint8Array(await pack(raw));
    // The number is given where nothing is waited for any more: two letters that come at once get two.
    this.#letters.push({ head: { id: this.#letters.length + 1, to: [...to], subject, messageId, at }, packed });
  }

  /** All of them, in the order in which they came. */
  heads(): LetterHead[] {
    return this.#letters.map(({ head }) => head);
  }

  /** One of them; undefined where there is none of that number. */
  async open(id: number): Promise<Letter | undefined> {
    const kept = this.#letters[id - 1];
    if (kept === undefined) return undefined;
    const { from, text, html, attachments } = await PostalMime.parse(await unpack(kept.packed));
    return {
      ...kept.head,
      from: from?.address === undefined ? '' : nameAnd(from.name, from.address),
      text: text ?? '',
      ...(html === undefined ? {} : { html }),
      attachments: eachOnce(
        attachments.map(({ filename, mimeType, method, content }) => ({
          name: filename ?? '',
          type: mimeType,
          ...(method === undefined ? {} : { method }),
          bytes: bytesOf(content, mimeType),
        })),
      ),
    };
  }
}

const CALENDARS = [CALENDAR, 'application/ics'];

/** The parser ends lines as texts end them here; those of an entry end as RFC 5545 has it, and as they were sent. */
function bytesOf(content: Attachment['content'], type: string): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content));
  return CALENDARS.includes(type) ? Buffer.from(bytes.toString('utf8').replaceAll(/\r?\n/g, '\r\n')) : bytes;
}

const nameAnd = (name: string, address: string): string => (name === '' ? address : `${name} <${address}>`);

/**
 * An entry for the calendar goes twice, because mail programs differ in which they heed: once without a name among the
 * letter's texts, and once as a file. It is one thing to whoever reads.
 */
function eachOnce(attachments: readonly LetterAttachment[]): LetterAttachment[] {
  const isSame = (one: LetterAttachment, other: LetterAttachment) => Buffer.compare(one.bytes, other.bytes) === 0;
  const entries = attachments.filter(({ type }) => type === CALENDAR);
  const files = attachments.filter(({ type }) => type !== CALENDAR);
  return [
    ...entries.map((entry) => ({
      ...entry,
      name: entry.name || files.find((file) => isSame(file, entry))?.name || 'calendar.ics',
    })),
    ...files.filter((file) => !entries.some((entry) => isSame(file, entry))),
  ];
}

import { createHash } from 'node:crypto';
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

/** Between a part's head and its body, and between a body and the next part. */
const SEAMS = /(?<=\r\n\r\n)|(?=\r\n--)/;
/** Bytes from which on a part is kept by itself, and once for all letters that have it. */
const WORTH_SHARING = 1_024;

/**
 * Letters as they came, packed, and each part that many have in common once: thousands, each with the same attachments,
 * take a few kilobytes apiece. A letter is taken apart only when somebody opens it; of most nobody does.
 */
export class KeptLetters {
  readonly #letters: { readonly head: LetterHead; readonly pieces: readonly Uint8Array[] }[] = [];
  readonly #shared = new Map<string, Promise<Uint8Array>>();

  /** Keeps a letter as it came in over SMTP. */
  async take(raw: Buffer, to: readonly string[], at = Date.now()): Promise<void> {
    const end = raw.indexOf(END_OF_HEAD);
    const { subject = '', messageId = '' } = await PostalMime.parse(end < 0 ? raw : raw.subarray(0, end + 4));
    const pieces = await Promise.all(pieced(raw).map((piece) => this.#kept(piece)));
    // The number is given where nothing is waited for any more: two letters that come at once get two.
    this.#letters.push({ head: { id: this.#letters.length + 1, to: [...to], subject, messageId, at }, pieces });
  }

  #kept(piece: Buffer): Promise<Uint8Array> {
    if (piece.length < WORTH_SHARING) return packed(piece);
    const hash = createHash('sha256').update(piece).digest('base64');
    const known = this.#shared.get(hash) ?? packed(piece);
    this.#shared.set(hash, known);
    return known;
  }

  /** All of them, in the order in which they came. */
  heads(): LetterHead[] {
    return this.#letters.map(({ head }) => head);
  }

  /** One of them; undefined where there is none of that number. */
  async open(id: number): Promise<Letter | undefined> {
    const kept = this.#letters[id - 1];
    if (kept === undefined) return undefined;
    const { from, text, html, attachments } = await PostalMime.parse(await whole(kept.pieces));
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

/** What comes out of packing holds on to memory several times its own size: a copy. */
const packed = async (piece: Buffer): Promise<Uint8Array> => new Uint8Array(await pack(piece));

const whole = async (pieces: readonly Uint8Array[]): Promise<Buffer> =>
  Buffer.concat(await Promise.all(pieces.map((piece) => unpack(piece))));

/** Small ones that follow each other are one. Together they are the letter. */
function pieced(raw: Buffer): Buffer[] {
  const pieces: string[] = [];
  for (const part of raw.toString('latin1').split(SEAMS)) {
    const last = pieces.at(-1);
    if (last !== undefined && part.length < WORTH_SHARING && last.length < WORTH_SHARING)
      pieces.splice(-1, 1, last + part);
    else pieces.push(part);
  }
  return pieces.map((piece) => Buffer.from(piece, 'latin1'));
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

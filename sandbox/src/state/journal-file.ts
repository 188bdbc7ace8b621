import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { entryShape, FORMAT, headerShape } from './entries.ts';
import type { Entry, Header, Unnumbered } from './entries.ts';
import { StateRefused } from './state-refused.ts';

/** What a journal says. */
export interface Past {
  readonly header: Header;
  readonly entries: readonly Entry[];
  /** What a reader must know about how it was read, in sentences. */
  readonly remarks: readonly string[];
}

/**
 * Reads a journal: a header and then an entry a line. A last line without its end was being written when the sandbox ended; nobody
 * was answered then, so it is cut off. Undefined when there is none.
 * @throws {StateRefused} for any other damage, and for another format.
 */
export function readJournal(path: string): Past | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
  const header = readHeader(path, lines[0]);
  const entries = lines.slice(1).map((line, index) => readEntry(path, line, index + 1));
  if (end === bytes.length) return { header, entries, remarks: [] };
  truncateSync(path, end);
  return {
    header,
    entries,
    remarks: [
      `The last line of ${path} was cut short when the sandbox ended in the middle of writing it. It was dropped: whoever asked for it got no answer.`,
    ],
  };
}

/** What the sandbox was when a journal began; undefined when there is none, or none that can be read. */
export function glanceAt(path: string): Header | undefined {
  if (!existsSync(path)) return undefined;
  const header = headerShape.safeParse(parsed(readFileSync(path, 'utf8').split('\n', 1)[0] ?? ''));
  return header.data;
}

function readHeader(path: string, line: string | undefined): Header {
  const given = parsed(line ?? '');
  const version = given !== null && typeof given === 'object' && 'format' in given ? given.format : undefined;
  if (version !== undefined && version !== FORMAT) {
    throw new StateRefused(
      `${path} is written in format ${JSON.stringify(version)}, and this sandbox reads format ${FORMAT}. Use the version of the sandbox that wrote it, or start with another folder.`,
    );
  }
  const header = headerShape.safeParse(given);
  if (!header.success) throw damaged(path, 1);
  return header.data;
}

function readEntry(path: string, line: string, n: number): Entry {
  const entry = entryShape.safeParse(parsed(line));
  if (!entry.success || entry.data.n !== n) throw damaged(path, n + 1);
  return entry.data;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const damaged = (path: string, line: number): StateRefused =>
  new StateRefused(
    `The kept state is damaged: line ${line} of ${path} is not what a sandbox writes there. Put the file back from a copy, or start with another folder.`,
  );

/**
 * The end of a journal, to write on. Written without waiting for the disk: an entry survives the death of the process that wrote
 * it, though perhaps not that of the machine.
 */
export class JournalFile {
  readonly #descriptor: number;
  #written: number;
  #broken = false;

  private constructor(descriptor: number, written: number) {
    this.#descriptor = descriptor;
    this.#written = written;
  }

  /** Begins a journal; a reader finds its header whole or not at all. */
  static begin(path: string, header: Header): JournalFile {
    writeFileSync(`${path}.part`, `${JSON.stringify(header)}\n`, { mode: 0o600, flush: true });
    renameSync(`${path}.part`, path);
    return JournalFile.goOn(path, 0);
  }

  /** @param written how many entries are in it. */
  static goOn(path: string, written: number): JournalFile {
    return new JournalFile(openSync(path, 'a', 0o600), written);
  }

  /** Whether an entry could not be written: nothing is added from then on, for it would stand behind a gap. */
  isBroken(): boolean {
    return this.#broken;
  }

  /** Something that belongs into the next entry could not be kept: see {@link isBroken}. */
  giveUp(): void {
    this.#broken = true;
  }

  append(entry: Unnumbered): void {
    if (this.#broken) return;
    const line = Buffer.from(`${JSON.stringify({ n: this.#written + 1, ...entry })}\n`);
    try {
      for (let done = 0; done < line.length;) done += writeSync(this.#descriptor, line, done);
    } catch (error) {
      this.giveUp();
      throw error;
    }
    this.#written += 1;
  }

  close(): void {
    try {
      fsyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
  }
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StateRefused } from './state-refused.ts';

/** Longer bodies would make the journal's lines unwieldy. */
const LONGEST_IN_LINE = 65_536;

/** A body as an entry carries it. */
export interface StoredBody {
  readonly body?: string | undefined;
  readonly bodyFile?: string | undefined;
}

/** Request bodies of a journal: short ones within the entry, long ones as files by their SHA-256. */
export class Bodies {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  store(bytes: Buffer): StoredBody {
    if (bytes.length === 0) return {};
    if (bytes.length <= LONGEST_IN_LINE) return { body: bytes.toString('base64') };
    const name = sha256(bytes);
    const path = join(this.#folder, name);
    if (!existsSync(path)) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${path}.part`, bytes, { mode: 0o600 });
      renameSync(`${path}.part`, path);
    }
    return { bodyFile: name };
  }

  /** @throws {StateRefused} when the file is gone or is not what was stored. */
  load({ body, bodyFile }: StoredBody): Buffer {
    if (bodyFile === undefined) return Buffer.from(body ?? '', 'base64');
    const path = join(this.#folder, bodyFile);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch {
      throw new StateRefused(
        `The kept state is damaged: ${path}, the body of a request, cannot be read. Put it back from a copy, or start with another folder.`,
      );
    }
    if (sha256(bytes) !== bodyFile)
      throw new StateRefused(
        `The kept state is damaged: ${path}, the body of a request, is not what was written. Put it back from a copy, or start with another folder.`,
      );
    return bytes;
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

import type { Chance } from '../chance.ts';
import { ApiError, notFound } from '../http/errors.ts';
import type { Principal } from '../identity/principals.ts';
import type { DbfsPath } from './dbfs-path.ts';

interface Stream {
  readonly who: Principal;
  readonly to: DbfsPath;
  readonly blocks: Buffer[];
  size: number;
}

const MOST_STREAMS = 100;
/** Streams are held in memory until they are closed. */
const LARGEST = 256 * 1_048_576;

/** Files that come in block by block, under a handle. An upload that is under way does not outlive the sandbox. */
export class UploadStreams {
  readonly #chance: Chance;
  readonly #streams = new Map<number, Stream>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** The handle. The oldest stream gives way when there are too many. */
  open(who: Principal, to: DbfsPath): number {
    const [oldest] = this.#streams.keys();
    if (this.#streams.size >= MOST_STREAMS && oldest !== undefined) this.#streams.delete(oldest);
    const handle = this.#chance.below(Number.MAX_SAFE_INTEGER);
    this.#streams.set(handle, { who, to, blocks: [], size: 0 });
    return handle;
  }

  /** @throws 404 for a handle that is not this caller's, 400 when it gets too large. */
  add(who: Principal, handle: number, block: Buffer): void {
    const stream = this.#get(who, handle);
    stream.size += block.length;
    if (stream.size > LARGEST) {
      this.#streams.delete(handle);
      throw new ApiError({
        status: 400,
        errorCode: 'MAX_BLOCK_SIZE_EXCEEDED',
        message: `The file ${stream.to.written} is too large for the sandbox, which takes ${LARGEST} bytes.`,
      });
    }
    stream.blocks.push(block);
  }

  /** Ends it. @throws 404. */
  close(who: Principal, handle: number): { readonly to: DbfsPath; readonly content: Buffer } {
    const { to, blocks } = this.#get(who, handle);
    this.#streams.delete(handle);
    return { to, content: Buffer.concat(blocks) };
  }

  #get(who: Principal, handle: number): Stream {
    const stream = this.#streams.get(handle);
    if (stream?.who !== who) throw notFound(`No stream with handle ${handle} exists.`);
    return stream;
  }
}

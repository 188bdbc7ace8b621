import { ApiError } from '../http/errors.ts';
import { writeSnapshot } from './snapshot-file.ts';
import type { Snapshot } from './snapshot-file.ts';

/** How long a change may wait for others to be written with it. */
const SOON_MS = 200;
/** Of the time, writing takes this part at most, however much there is to write. */
const SHARE = 0.1;

/** Writes the state of a sandbox down soon after it has changed. */
export class Snapshots {
  readonly #path: string;
  readonly #take: () => Snapshot;
  #timer: NodeJS.Timeout | undefined;
  #tookMs = 0;
  #hasFailed = false;
  #isClosed = false;

  /** @param take the sandbox as it is now. */
  constructor(path: string, take: () => Snapshot) {
    this.#path = path;
    this.#take = take;
  }

  /** Something has changed. Nobody waits for it to be written. */
  changed(): void {
    if (!this.#isClosed)
      this.#timer ??= setTimeout(() => this.#save(), Math.max(SOON_MS, this.#tookMs / SHARE)).unref();
  }

  /** Writes now. @throws the system's error when it cannot be written. */
  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const began = performance.now();
    this.#hasFailed = true;
    writeSnapshot(this.#path, this.#take());
    this.#hasFailed = false;
    this.#tookMs = performance.now() - began;
  }

  /**
   * Before something is changed: what cannot be kept is not to grow.
   * @throws {ApiError} 500 when the last change could not be written down, and still cannot.
   */
  mustKeep(): void {
    if (this.#hasFailed && !this.#save())
      throw new ApiError({
        status: 500,
        errorCode: 'INTERNAL_ERROR',
        message:
          'The sandbox could not write down its state, so it changes nothing any more. Make room on ' +
          'its disk and ask again: what it answered last may be lost if it ends before.',
      });
  }

  /** Writes what has not been written yet, for the last time. @throws the system's error when it cannot be written. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined || this.#hasFailed) this.save();
  }

  /** Nobody is there to tell that it failed, but whoever wants to change something next. */
  #save(): boolean {
    try {
      this.save();
      return true;
    } catch {
      return false;
    }
  }
}

import { Refused } from '../../temporal/client-errors.ts';
import type { ReadsWorkspace } from './workspace-looks.ts';
import type { ReadsRoom } from './room-view.ts';
import { WorkshopWatch } from './workshop-watch.ts';

/** An id that was not there is not asked about again at once: anybody may make one up. */
const UNKNOWN_FOR_MS = 30_000;
const MOST_UNKNOWN = 1_000;
const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** One watch for each workshop that somebody looks at. */
export class Watches {
  readonly #reader: ReadsRoom;
  readonly #watches = new Map<string, WorkshopWatch>();
  readonly #unknown = new Map<string, number>();
  readonly #looking = new Map<string, Promise<WorkshopWatch | undefined>>();
  readonly #reads: ReadsWorkspace | undefined;

  constructor(reader: ReadsRoom, reads?: ReadsWorkspace) {
    this.#reader = reader;
    this.#reads = reads;
  }

  /**
   * Undefined where there is no workshop of that id.
   * @param mayAsk called where Temporal has to be asked about it; false: nobody is asked
   * @throws {NoAnswer} where Temporal is not there; {RangeError} where it may not be asked
   */
  async of(id: string, mayAsk: () => boolean): Promise<WorkshopWatch | undefined> {
    const known = this.#watches.get(id) ?? this.#looking.get(id);
    if (known) return known;
    if (!ID.test(id) || (this.#unknown.get(id) ?? 0) > Date.now()) return undefined;
    if (!mayAsk()) throw new RangeError('too many ids that nobody knows were asked about');
    const looking = this.#lookFor(id).finally(() => this.#looking.delete(id));
    this.#looking.set(id, looking);
    return looking;
  }

  async #lookFor(id: string): Promise<WorkshopWatch | undefined> {
    const { state, about } = await this.#reader.look(id).catch((error: unknown) => {
      if (error instanceof Refused) return { state: 'none' as const, about: undefined };
      throw error;
    });
    if (state === 'none' || about === undefined) {
      if (this.#unknown.size >= MOST_UNKNOWN) this.#unknown.clear();
      this.#unknown.set(id, Date.now() + UNKNOWN_FOR_MS);
      return undefined;
    }
    const watch = new WorkshopWatch(this.#reader, id, this.#reads);
    this.#watches.set(id, watch);
    return watch;
  }

  stop(): void {
    for (const watch of this.#watches.values()) watch.stop();
  }
}

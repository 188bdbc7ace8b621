import type { Posted } from '../domain/replayed/outbox/outbox.ts';

const MOST_MESSAGES = 50;
/** Characters as JSON: a signal of 2 MB is refused. */
const MOST_CHARACTERS = 400_000;

interface Gathering {
  readonly posted: Posted[];
  characters: number;
  readonly timer: NodeJS.Timeout;
  readonly sent: PromiseWithResolvers<void>;
}

/** Messages for the same outbox that are posted within a moment: one signal, and one step of its workflow, for all. */
export class GatheredPosts {
  readonly #open = new Map<string, Gathering>();
  readonly #send: (address: string, posted: readonly Posted[]) => Promise<void>;
  readonly #waitMs: number;

  /** @param waitMs for others, at most. @param send rejects when none of them was taken */
  constructor(waitMs: number, send: (address: string, posted: readonly Posted[]) => Promise<void>) {
    this.#waitMs = waitMs;
    this.#send = send;
  }

  /**
   * Resolves when the outbox has it, rejects when it may not have it.
   * @param address workflow id of its outbox. @param atOnce it waits for no others; those that wait go along
   */
  post(address: string, posted: Posted, atOnce: boolean): Promise<void> {
    const characters = JSON.stringify(posted).length;
    const there = this.#open.get(address);
    if (there && there.characters + characters > MOST_CHARACTERS) this.#close(address, there);
    const gathering = this.#open.get(address) ?? this.#begin(address);
    gathering.posted.push(posted);
    gathering.characters += characters;
    if (atOnce || gathering.posted.length >= MOST_MESSAGES) this.#close(address, gathering);
    return gathering.sent.promise;
  }

  #begin(address: string): Gathering {
    const begun: Gathering = {
      posted: [],
      characters: 0,
      timer: setTimeout(() => this.#close(address, begun), this.#waitMs),
      sent: Promise.withResolvers<void>(),
    };
    this.#open.set(address, begun);
    return begun;
  }

  #close(address: string, { posted, timer, sent }: Gathering): void {
    clearTimeout(timer);
    this.#open.delete(address);
    this.#send(address, posted).then(sent.resolve, sent.reject);
  }
}

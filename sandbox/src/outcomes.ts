/** Something that came from outside of the workspace's own clock: what a real node did. */
export interface Outcome {
  readonly kind: string;
  /** What it is about, such as the id of a run. */
  readonly key: string;
  /** Plain JSON. */
  readonly data: unknown;
}

/** What an act of the schedule saw outside of the workspace, such as on disk. */
export interface Seen {
  /** Names the act: no two of them may share it. */
  readonly key: string;
  /** Plain JSON. */
  readonly value: unknown;
}

type Handler = (key: string, data: unknown, at: number) => void;

interface Listener {
  outcome(outcome: Outcome, at: number): void;
  seen(seen: Seen): void;
}

/**
 * The door for what cannot be worked out again. Everything else in the workspace follows from its requests and its clock; what a
 * real node did or what lay on disk does not, so it comes in here and the journal keeps it (state/journal.ts).
 */
export class Outcomes {
  readonly #handlers = new Map<string, Handler>();
  readonly #seenBefore = new Map<string, unknown>();
  #listener: Listener | undefined;

  /** Who takes outcomes of one kind. The data is what was reported, or has been through JSON. */
  on(kind: string, handler: Handler): void {
    if (this.#handlers.has(kind)) throw new Error(`Two handlers for outcomes of the kind ${kind}`);
    this.#handlers.set(kind, handler);
  }

  /** Who writes them down. */
  listen(listener: Listener): void {
    this.#listener = listener;
  }

  /** @param at the sandbox's own time, up to which everything due has happened: `workspace.advance()`. */
  report(outcome: Outcome, at: number): void {
    this.#listener?.outcome(outcome, at);
    this.apply(outcome, at);
  }

  /** Without writing it down: from the journal. */
  apply({ kind, key, data }: Outcome, at: number): void {
    const handler = this.#handlers.get(kind);
    if (!handler) throw new Error(`Nobody takes outcomes of the kind ${kind}`);
    handler(key, data, at);
  }

  /**
   * For acts of the schedule that look outside of the workspace: `look` answers plain JSON, and when a kept state is carried out
   * again, what it answered then is answered again, whatever has become of the place it looked at.
   */
  see<T>(key: string, look: () => T): T {
    if (this.#seenBefore.has(key)) return this.#seenBefore.get(key) as T;
    const value = look();
    this.#listener?.seen({ key, value });
    return value;
  }

  /** From the journal. */
  recall({ key, value }: Seen): void {
    this.#seenBefore.set(key, value);
  }
}

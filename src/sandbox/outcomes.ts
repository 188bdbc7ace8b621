/** Something that came from outside of the workspace's own clock: what a real node did. */
export interface Outcome {
  readonly kind: string;
  /** What it is about, such as the id of a run. */
  readonly key: string;
  /** Plain JSON. */
  readonly data: unknown;
}

type Handler = (key: string, data: unknown, at: number) => void;

/**
 * The door for what cannot be worked out again. Everything else in the workspace follows from its requests and its clock; what a
 * real node did does not, so it comes in here and the journal keeps it (state/journal.ts).
 */
export class Outcomes {
  readonly #handlers = new Map<string, Handler>();
  #listener: ((outcome: Outcome, at: number) => void) | undefined;

  /** Who takes outcomes of one kind. The data is what was reported, or has been through JSON. */
  on(kind: string, handler: Handler): void {
    if (this.#handlers.has(kind)) throw new Error(`Two handlers for outcomes of the kind ${kind}`);
    this.#handlers.set(kind, handler);
  }

  /** Who writes them down. */
  listen(listener: (outcome: Outcome, at: number) => void): void {
    this.#listener = listener;
  }

  /** @param at the sandbox's own time, up to which everything due has happened: `workspace.advance()`. */
  report(outcome: Outcome, at: number): void {
    this.#listener?.(outcome, at);
    this.apply(outcome, at);
  }

  /** Without writing it down: from the journal. */
  apply({ kind, key, data }: Outcome, at: number): void {
    const handler = this.#handlers.get(kind);
    if (!handler) throw new Error(`Nobody takes outcomes of the kind ${kind}`);
    handler(key, data, at);
  }
}

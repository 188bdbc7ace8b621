/** Something that was to be removed, told to be quiet, or read, and was not. */
export interface NotDone {
  readonly id: string;
  readonly why: string;
  /** The command that helps. */
  readonly toDo: string;
  /** The same request would be refused again. */
  readonly refused: boolean;
}

/** The same with what people call it. */
export interface NamedNotDone extends NotDone {
  readonly name: string;
}

interface Standing extends NamedNotDone {
  readonly at: number;
  /** Failed so often in a row. */
  readonly times: number;
}

/** What may yet succeed is said once it has failed this often in a row. */
const SAID_AFTER = 3;
const MOST_SAID = 10;

/**
 * What a removal tried in vain, item by item: a refusal is waited out, anything else is tried again at the next look,
 * and neither keeps any other item from going. Instants are epoch milliseconds.
 */
export class NotRemoved {
  readonly #pauseMs: number;
  #items = new Map<string, Standing>();

  /** @param pauseMs before what was refused is tried again */
  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** These were tried, and those of them that are in `notDone` failed. */
  note(tried: readonly { readonly id: string; readonly name: string }[], notDone: readonly NotDone[], now: number) {
    const failed = new Map(notDone.map((item) => [item.id, item]));
    for (const { id, name } of tried) {
      const item = failed.get(id);
      const times = (this.#items.get(id)?.times ?? 0) + 1;
      if (item) this.#items.set(id, { ...item, name, at: now, times });
      else this.#items.delete(id);
    }
  }

  /** Nothing is said of what is no longer there. */
  keepOnly(ids: ReadonlySet<string>): void {
    this.#items = new Map([...this.#items].filter(([id]) => ids.has(id)));
  }

  isRefused(id: string): boolean {
    return this.#items.get(id)?.refused === true;
  }

  /** Its time has come: at once, unless it was refused a short while ago. */
  mayTry(id: string, now: number): boolean {
    const item = this.#items.get(id);
    return item?.refused !== true || now - item.at >= this.#pauseMs;
  }

  /** What a person should know of, in an order that does not change. */
  get said(): NamedNotDone[] {
    return [...this.#items.values()]
      .filter(({ refused, times }) => refused || times >= SAID_AFTER)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, name, why, toDo, refused }) => ({ id, name, why, toDo, refused }));
  }
}

/** What is held up, why, and what to type; undefined when nothing is. */
export function heldUp(items: readonly NamedNotDone[]): string | undefined {
  if (items.length === 0) return undefined;
  const lines = items.slice(0, MOST_SAID).map(({ id, name, why, toDo }) => {
    const called = name === id ? name : `${name} (${id})`;
    return `- ${called}: ${why}${/[.!?]$/.test(why) ? '' : '.'} Type: ${toDo}`;
  });
  return [
    items.length === 1
      ? 'One thing could not be done; all else goes on, and it is tried again.'
      : `${items.length} things could not be done; all else goes on, and they are tried again.`,
    ...lines,
    ...(items.length > MOST_SAID ? [`- and ${items.length - MOST_SAID} more`] : []),
  ].join('\n');
}

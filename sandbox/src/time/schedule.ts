import type { Kept } from '../state/kept.ts';

/** Something that will happen: what, and to whom. */
interface Due {
  readonly at: number;
  readonly order: number;
  readonly what: string;
  readonly about: unknown;
}

type Act = (about: unknown, at: number) => void;

interface ScheduleState {
  readonly due: readonly Due[];
  readonly order: number;
}

/**
 * What is going to happen, in the sandbox's own time. Nothing ticks: whoever looks first calls {@link advance}, and
 * everything that was due happens in order, each with the exact moment it was due, not the moment somebody looked.
 *
 * What is planned is data, so that it outlives a restart: the name of what will happen, and what it is about.
 */
export class Schedule implements Kept<ScheduleState> {
  #heap: Due[] = [];
  #order = 0;
  readonly #acts = new Map<string, Act>();

  /**
   * Names something that can happen, and answers how to plan it for epoch milliseconds; what is planned for one
   * moment happens in the order in which it was planned. @param what named once only.
   */
  plans<About>(what: string, act: (about: About, at: number) => void): (at: number, about: About) => void {
    if (this.#acts.has(what)) throw new Error(`Two acts are called ${what}`);
    this.#acts.set(what, act as Act);
    return (at, about) => this.#add({ at, order: this.#order++, what, about });
  }

  /**
   * Lets everything happen that is due by `now`, including what those acts plan for before `now`. Answers whether
   * anything did.
   */
  advance(now: number): boolean {
    let hasHappened = false;
    for (let next = this.#heap[0]; next && next.at <= now; next = this.#heap[0]) {
      this.#removeFirst();
      this.#acts.get(next.what)?.(next.about, next.at);
      hasHappened = true;
    }
    return hasHappened;
  }

  state(): ScheduleState {
    return { due: this.#heap, order: this.#order };
  }

  /** After everything that can happen was named. @throws {Error} for what nobody has named. */
  restore({ due, order }: ScheduleState): void {
    const unknown = due.find(({ what }) => !this.#acts.has(what));
    if (unknown) throw new Error(`Nobody knows what is to happen by '${unknown.what}'`);
    this.#heap = [...due];
    this.#order = order;
  }

  #add(due: Due): void {
    const heap = this.#heap;
    heap.push(due);
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(heap[child], heap[parent])) break;
      swap(heap, child, parent);
      child = parent;
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = parent * 2 + 1;
      const right = left + 1;
      let first = parent;
      if (before(heap[left], heap[first])) first = left;
      if (before(heap[right], heap[first])) first = right;
      if (first === parent) return;
      swap(heap, parent, first);
      parent = first;
    }
  }
}

function before(a: Due | undefined, b: Due | undefined): boolean {
  if (!a) return false;
  if (!b) return true;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap(heap: Due[], a: number, b: number): void {
  const kept = heap[a] as Due;
  heap[a] = heap[b] as Due;
  heap[b] = kept;
}

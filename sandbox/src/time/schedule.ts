interface Due {
  readonly at: number;
  readonly order: number;
  readonly act: (at: number) => void;
}

/**
 * What is going to happen, in the sandbox's own time. Nothing ticks: whoever looks first calls {@link advance}, and everything
 * that was due happens in order, each with the exact moment it was due, not the moment somebody looked.
 */
export class Schedule {
  readonly #heap: Due[] = [];
  #order = 0;

  /** Plans `act` for epoch milliseconds `at`; acts planned for one moment happen in the order they were planned. */
  at(at: number, act: (at: number) => void): void {
    const heap = this.#heap;
    heap.push({ at, order: this.#order++, act });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!before(heap[child], heap[parent])) break;
      swap(heap, child, parent);
      child = parent;
    }
  }

  /** Lets everything happen that is due by `now`, including what those acts plan for before `now`. */
  advance(now: number): void {
    for (let next = this.#heap[0]; next && next.at <= now; next = this.#heap[0]) {
      this.#removeFirst();
      next.act(next.at);
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

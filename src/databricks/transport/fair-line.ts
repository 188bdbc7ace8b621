/** Somebody who waits for an asker. */
export interface InLine {
  readonly asker: string;
}

interface Place<Waiter> {
  readonly waiter: Waiter;
  /** The round in which it has its turn: each asker has one turn in a round. */
  readonly round: number;
}

/**
 * A line in which askers take turns, so that one who brings hundreds does not keep another's few waiting until all of
 * those are through. Among an asker's own: first come, first served.
 */
export class FairLine<Waiter extends InLine> {
  #places: Place<Waiter>[] = [];
  /** Of whoever went last. */
  #round = 0;
  /** The last round that each asker has a place in. */
  #lastRounds = new Map<string, number>();

  get length(): number {
    return this.#places.length;
  }

  /** In the order in which they will go, as it is now. */
  get waiters(): readonly Waiter[] {
    return this.#places.map(({ waiter }) => waiter);
  }

  join(waiter: Waiter): void {
    const round = Math.max(this.#round, (this.#lastRounds.get(waiter.asker) ?? -1) + 1);
    this.#lastRounds.set(waiter.asker, round);
    const behind = this.#places.findLastIndex((place) => place.round <= round) + 1;
    this.#places.splice(behind, 0, { waiter, round });
  }

  /** Who has the next turn leaves the line; undefined: nobody is in it. */
  next(): Waiter | undefined {
    const first = this.#places.shift();
    if (first === undefined) return undefined;
    this.#round = first.round;
    // An asker all of whose turns are past counts as new.
    for (const [asker, round] of this.#lastRounds) if (round < this.#round) this.#lastRounds.delete(asker);
    return first.waiter;
  }

  /** Takes out whoever does not stay, and returns them. */
  keep(stays: (waiter: Waiter) => boolean): Waiter[] {
    const gone = this.#places.filter(({ waiter }) => !stays(waiter));
    this.#places = this.#places.filter(({ waiter }) => stays(waiter));
    // Turns that nobody takes count against no asker, but for that of this round, which it may have had.
    for (const { asker } of gone.map(({ waiter }) => waiter)) {
      const last = this.#places.findLast(({ waiter }) => waiter.asker === asker);
      this.#lastRounds.set(asker, last?.round ?? this.#round);
    }
    return gone.map(({ waiter }) => waiter);
  }
}

/**
 * The place that one more of an asker has, the first being 1: behind all of its own, and behind as many of each other
 * asker's as have their turns meanwhile.
 * @param ahead everybody who is there
 */
export function placeOf(asker: string, ahead: readonly InLine[]): number {
  const numbers = new Map<string, number>();
  for (const one of ahead) numbers.set(one.asker, (numbers.get(one.asker) ?? 0) + 1);
  const own = (numbers.get(asker) ?? 0) + 1;
  let place = own;
  for (const [other, number] of numbers) if (other !== asker) place += Math.min(number, own);
  return place;
}

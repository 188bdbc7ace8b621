import { isDone, isForAPerson, type Item, type Said } from './item.ts';
import { HEADINGS, type Heading, type LineId } from './lines.ts';

/** What a person answered to a sign-off, or to a check that takes an answer. */
export interface Answer {
  readonly yes: boolean;
  readonly by: string;
  readonly note?: string | undefined;
}

/** What a line that was looked at again says now; its state stays as it is. Undefined: that it says no longer. */
export type Known = { readonly [K in 'title' | 'evidence' | 'hops']?: NonNullable<Item[K]> } & {
  readonly toDo?: string | undefined;
};

/**
 * The checklist of one workshop. It alone changes its items, and tells that it did. A line that this plan does not have
 * is left alone: a heading works through the guide as it is written. Instants are epoch milliseconds.
 */
export class Checklist {
  #items: readonly Item[];
  readonly #changed: () => void;

  constructor(items: readonly Item[], changed: () => void = () => {}) {
    this.#items = items;
    this.#changed = changed;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  item(id: LineId): Item | undefined {
    return this.#items.find((item) => item.id === id);
  }

  /** The item that a person named, if there is such a one. */
  named(id: string): Item | undefined {
    return this.item(id as LineId);
  }

  isDone(id: LineId): boolean {
    const item = this.item(id);
    return item !== undefined && isDone(item);
  }

  /** Done, or failed and shown, or not in this plan: nobody waits any longer for it. */
  hasEnded(id: LineId): boolean {
    const item = this.item(id);
    return item === undefined || isDone(item) || item.state === 'failed';
  }

  /** Everything that this line cannot do without is there. */
  mayBegin(id: LineId): boolean {
    return this.item(id)?.needs.every((need) => this.isDone(need)) ?? false;
  }

  /**
   * Nothing under this heading or an earlier one is under way, or could be: what is left waits for a person or for a
   * failed line.
   */
  isSettled(heading: Heading): boolean {
    const upTo = HEADINGS.indexOf(heading);
    return this.#items.every((item) => {
      if (HEADINGS.indexOf(item.heading) > upTo || isDone(item)) return true;
      if (isForAPerson(item)) return !item.blocking;
      if (item.state === 'failed') return true;
      return item.state === 'waiting' && !this.mayBegin(item.id);
    });
  }

  /** A sign-off that the plan lets hold the lifecycle was asked for and is not answered. */
  get isHeld(): boolean {
    return this.#items.some((item) => item.blocking && item.deadline !== undefined && !isDone(item));
  }

  /** What needs one line needs another instead. */
  needInstead(of: LineId, instead: LineId): void {
    this.#items = this.#items.map((item) => ({
      ...item,
      needs: item.needs.map((need) => (need === of ? instead : need)),
    }));
  }

  /** These lines need another one besides. */
  needToo(lines: readonly LineId[], need: LineId): void {
    this.#items = this.#items.map((item) =>
      lines.includes(item.id) && !item.needs.includes(need) ? { ...item, needs: [...item.needs, need] } : item,
    );
  }

  begin(id: LineId, now: number): void {
    this.#change(id, (item) => ({ ...item, state: 'running', at: now }));
  }

  pass(id: LineId, evidence: string, now: number): void {
    this.#change(id, (item) => ({ ...withoutToDo(item), state: 'passed', evidence, at: now }));
  }

  /** Not worked on, and not called done either. */
  leaveOut(id: LineId, why: string, now: number): void {
    this.#change(id, (item) => ({ ...withoutToDo(item), state: 'waived', evidence: `left out: ${why}`, at: now }));
  }

  /** @param evidence what is not as it should be; as it was, if not given */
  fail(id: LineId, toDo: string, now: number, evidence?: string): void {
    this.#change(id, (item) => ({
      ...item,
      ...(evidence === undefined ? {} : { evidence }),
      toDo,
      state: 'failed',
      at: now,
    }));
  }

  /** What was begun was cut short. What had failed before is not forgotten because of that. */
  cutShort(id: LineId, hadFailed: boolean, now: number): void {
    this.#change(id, (item) => ({ ...item, state: hadFailed ? 'failed' : 'waiting', at: now }));
  }

  waive(id: LineId, reason: string, now: number, by?: string): void {
    this.#change(id, (item) => ({
      ...item,
      state: 'waived',
      evidence: reason,
      at: now,
      ...(by === undefined ? {} : { by, said: withAnswer(item, { answer: 'waived', by, at: now, note: reason }) }),
    }));
  }

  answer(id: LineId, { yes, by, note }: Answer, now: number): void {
    this.#change(id, (item) => ({
      ...item,
      state: yes ? 'signed off' : 'failed',
      by,
      evidence: note ?? (yes ? 'said so' : 'said no'),
      at: now,
      said: withAnswer(item, { answer: yes ? 'yes' : 'no', by, at: now, ...(note === undefined ? {} : { note }) }),
    }));
  }

  /** Wants an answer by a deadline: once, and only of a sign-off that is open. */
  ask(id: LineId, deadline: number): void {
    const item = this.item(id);
    if (item?.kind !== 'sign-off' || item.deadline !== undefined || isDone(item)) return;
    this.#change(id, () => ({ ...item, deadline }));
  }

  /** The plan asks for this line in another way than before: it begins anew. */
  askOtherwise(line: Omit<Item, 'state'>, now: number): void {
    this.#change(line.id, () => ({ ...line, state: 'waiting', at: now }));
  }

  /** These lines are to be gone through once more: what they showed no longer counts. */
  reopen(ids: readonly LineId[], now: number): void {
    for (const id of ids)
      this.#change(id, (item) => {
        const { evidence: _, hops: __, by: ___, deadline: ____, ...rest } = withoutToDo(item);
        return { ...rest, state: 'waiting', at: now };
      });
  }

  /** Sign-offs that were asked for and are open have until another moment. */
  moveDeadlines(ms: number, earliest: number, now: number): void {
    for (const { id, kind, deadline, state } of this.#items) {
      if (kind !== 'sign-off' || deadline === undefined || (state !== 'waiting' && state !== 'unanswered')) continue;
      const moved = Math.max(deadline + ms, earliest);
      this.#change(id, (item) => ({ ...item, deadline: moved, state: moved > now ? 'waiting' : item.state }));
    }
  }

  /** Somebody was asked for it, or asked again. */
  asked(id: LineId, now: number): void {
    this.#change(id, (item) => ({ ...item, askedAt: now }));
  }

  /** A sign-off's time is up. */
  expire(id: LineId, now: number): void {
    this.#change(id, (item) => ({ ...item, state: 'unanswered', at: now, askedAt: now }));
  }

  /** Shows what is known of a line that stays as it is. */
  show(id: LineId, known: Known): void {
    this.#change(id, (item) => {
      const { toDo, ...rest } = { ...item, ...known };
      return toDo === undefined ? rest : { ...rest, toDo };
    });
  }

  /** Adds a line that the guide does not have, after one that it has. One that is there already stays. */
  add(item: Item, after: LineId): void {
    if (this.item(item.id)) return;
    const at = this.#items.findIndex(({ id }) => id === after) + 1;
    this.#items = [...this.#items.slice(0, at), item, ...this.#items.slice(at)];
    this.#changed();
  }

  #change(id: LineId, change: (item: Item) => Item): void {
    if (!this.item(id)) return;
    this.#items = this.#items.map((item) => (item.id === id ? change(item) : item));
    this.#changed();
  }
}

/** Somebody's script must not fill the state; `history` has them all. */
const ANSWERS_KEPT = 20;

const withAnswer = ({ said = [] }: Item, answer: Said): readonly Said[] => [...said, answer].slice(-ANSWERS_KEPT);

function withoutToDo(item: Item): Item {
  const { toDo: _, ...rest } = item;
  return rest;
}

import type { Plan } from '../../plan/plan.ts';
import type { Hop } from '../canary/hops.ts';
import { linesOf, type Heading, type ItemKind, type LineId } from './lines.ts';

export type ItemState = 'waiting' | 'running' | 'passed' | 'failed' | 'waived' | 'signed off' | 'unanswered';

/** What a person said of a line, and when: epoch milliseconds. */
export interface Said {
  readonly answer: 'yes' | 'no' | 'waived';
  readonly by: string;
  readonly at: number;
  readonly note?: string;
}

/** One line of the guide, with what is known about it. Only a {@link Checklist} makes another of it. */
export interface Item {
  readonly id: LineId;
  readonly heading: Heading;
  readonly title: string;
  readonly kind: ItemKind;
  /** Items whose result this one cannot do without. */
  readonly needs: readonly LineId[];
  readonly state: ItemState;
  /** What shows that it is so: read back, measured, or said by a person. */
  readonly evidence?: string;
  /** What a person should do next; for a hand-off the exact commands. */
  readonly toDo?: string;
  /** Epoch milliseconds of the last change of state. */
  readonly at?: number;
  /** Epoch milliseconds at which somebody was last asked for it. */
  readonly askedAt?: number;
  /** Epoch milliseconds at which an unanswered sign-off turns red. */
  readonly deadline?: number;
  readonly by?: string;
  /** Everything that people said of it, the oldest first: a later answer takes nothing of an earlier one away. */
  readonly said?: readonly Said[];
  /** A sign-off that the plan lets hold the lifecycle. */
  readonly blocking?: boolean;
  /** Of a canary: each hop from the worker to an answer of Claude Code, as it was last tried. */
  readonly hops?: readonly Hop[];
}

/** The guide's checklist for this plan, nothing done yet. */
export const checklistFor = (plan: Plan): Item[] =>
  linesOf(plan).map((line) => ({
    ...line,
    state: 'waiting',
    ...(line.kind === 'sign-off' && plan.blocking.includes(line.id) ? { blocking: true } : {}),
  }));

/** True once nothing more is wanted for what depends on this item. */
export const isDone = (item: Item): boolean =>
  item.state === 'passed' || item.state === 'waived' || item.state === 'signed off';

/**
 * True for an item that a person may answer: what they were asked, and what can be measured, which counts for more than
 * what is computed.
 */
export const takesAnswer = ({ kind, id }: Pick<Item, 'kind' | 'id'>): boolean =>
  kind === 'sign-off' || id === 'serving-capacity';

/** True for an item that only a person can bring on. */
export const isForAPerson = (item: Item): boolean => item.kind === 'sign-off' || item.kind === 'hand-off';

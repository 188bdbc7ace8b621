import type { Calendar, Outcome } from '../../domain/replayed/outbox/outbox.ts';
import type { MessagePlan } from '../../domain/plan/fields/messages.ts';

/** A message as a channel sends it. */
export interface Outgoing {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type?: string }[];
  readonly calendar?: Calendar;
  /** The same for every attempt at the same message: how a receiver that has it already recognises it. */
  readonly id: string;
  /** Shown as the sender where the plan names none. */
  readonly title: string;
}

/**
 * Hands one message over. From `handingOver` on it may have arrived, whatever happens then; the channel waits for it
 * before the first byte that could make it arrive.
 */
export type Send = (message: Outgoing, plan: MessagePlan, handingOver: () => Promise<void>) => Promise<Outcome>;

/** What this worker lacks is put right by a person, not by trying often. */
const UNTIL_SOMEBODY_ACTS = 5 * 60_000;

/** No message is at fault: all of them leave by themselves once a person has put something right. */
export const untilSomebodyActs = (words: string): Outcome => ({ is: 'later', words, afterMs: UNTIL_SOMEBODY_ACTS });

/** A secret of the worker's environment that a channel cannot do without is not there. */
export const lacks = (...variables: readonly string[]): Outcome =>
  untilSomebodyActs(
    `This worker lacks ${variables.join(' and ')}: set it in the worker's environment and restart the worker.`,
  );

const LONGEST_WORDS = 300;

/** A server's own words, as they are shown: one line, cut. */
export const wordsOf = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_WORDS);

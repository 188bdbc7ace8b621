import { z } from 'zod';
import { detailsSchema } from '../seat/details.ts';
import { REPAIR_STAGES } from '../seat/seat.ts';
import { emailAddress } from '../seat/email.ts';
import { amendmentSchema } from './amendment-input.ts';

/**
 * What may be said to a running workshop. Every handler parses with these and refuses, never throws (a TypeError would
 * stop the workflow for good).
 */

const who = z.string().min(1).max(200).default('somebody');

export const addAttendeeInput = z.object({ email: emailAddress });
export const addAttendeesInput = z.object({
  emails: z.array(emailAddress).min(1).max(500),
  /** Address → what else is known of them. Nobody is refused for it. */
  details: z.record(z.string(), detailsSchema).optional().catch(undefined),
  by: who,
});
export const lookUpInput = z.object({ emails: z.array(emailAddress).min(1).max(500) });
export const removeAttendeesInput = z.object({
  emails: z.array(emailAddress).min(1).max(500),
  by: who,
  reason: z.string().max(2_000).optional(),
});
export const repairInput = z.object({ email: emailAddress, by: who, stage: z.enum(REPAIR_STAGES).default('restart') });
export const signOffInput = z.object({
  item: z.string().min(1).max(100),
  by: who,
  note: z.string().max(2_000).optional(),
  answer: z.enum(['yes', 'no']).default('yes'),
});
export const waiveInput = z.object({ item: z.string().min(1).max(100), by: who, reason: z.string().min(3).max(2_000) });
/** Stands for every line that failed and everybody whose seat did. */
export const EVERYTHING = 'all';
export const retryInput = z.object({ item: z.string().min(1).max(100).default(EVERYTHING), by: who });
export const cancelInput = z.object({ by: who, reason: z.string().max(2_000).default('no reason given') });

const moment = z.number().int().positive();

export const timelineSchema = z.object({
  twoWeeksBefore: moment,
  oneWeekBefore: moment,
  dayBefore: moment,
  dayOf: moment,
  start: moment,
  end: moment,
  teardown: moment,
});

/**
 * All moments of the workshop as they are to be, computed by the client: time zones are nothing for a workflow.
 * `untold`: nobody's letter is written anew, as in a rehearsal that waits for a busy computer.
 */
export const rescheduleInput = z.object({ by: who, timeline: timelineSchema, untold: z.boolean().optional() });
/** The end and the removal as they are to be, epoch milliseconds. */
export const extendInput = z.object({ by: who, end: moment, teardown: moment });
/** Fields of the plan and what they say now; the client has compared its file with the plan in force. */
export const amendInput = z.object({
  by: who,
  fields: amendmentSchema.refine((fields) => Object.keys(fields).length > 0, 'names nothing that changes'),
});
export const pauseInput = z.object({ by: who, reason: z.string().max(2_000).optional() });
export const resumeInput = z.object({ by: who });

export type RescheduleInput = z.input<typeof rescheduleInput>;
export type ExtendInput = z.input<typeof extendInput>;
export type AmendInput = z.input<typeof amendInput>;
export type PauseInput = z.input<typeof pauseInput>;
export type ResumeInput = z.input<typeof resumeInput>;
export type SignOffInput = z.input<typeof signOffInput>;
export type WaiveInput = z.input<typeof waiveInput>;
export type RetryInput = z.input<typeof retryInput>;
export type AddAttendeesInput = z.input<typeof addAttendeesInput>;
export type LookUpInput = z.input<typeof lookUpInput>;
export type RepairInput = z.input<typeof repairInput>;
export type RemoveAttendeesInput = z.input<typeof removeAttendeesInput>;
export type CancelInput = z.input<typeof cancelInput>;

/** The answer to every update: recorded, and what follows. Nobody waits inside an update for a cluster to boot. */
export interface Receipt {
  readonly recorded: string;
  readonly added?: readonly string[];
  readonly already?: readonly string[];
  readonly removed?: readonly string[];
  readonly unknown?: readonly string[];
}

/** What the workspace says of one address: who that is there, or why nobody whom a cluster could be given. */
export type LookedUp =
  | {
      readonly email: string;
      readonly userName: string;
      /** The user's other addresses, in lower case; left out when there are none. */
      readonly others?: readonly string[];
    }
  | { readonly email: string; readonly cause: string; readonly toDo: string };

/** Of people who are about to be added; `silence`: why the workspace could not be asked. */
export type LookUpAnswer = { readonly people: readonly LookedUp[] } | { readonly silence: string };

/** Something asked by signal that cannot be had. Kept in `progress`, because a signal has no answer. */
export interface Refusal {
  readonly what: string;
  readonly why: string;
  readonly at: number;
}

/** How zod's own sentences begin, which are for programmers. */
const ZODS_OWN = /^(?:Invalid (?:input|option)|Too (?:big|small)): /;

function inWords(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'not understood';
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type')
    return issue.path.length > 0 && issue.message.endsWith('received undefined')
      ? 'is missing'
      : `must be ${ARTICLES[issue.expected] ?? issue.expected}`;
  const what = 'origin' in issue && issue.origin === 'array' ? 'entries' : 'characters';
  if (issue.code === 'too_big') return `has more than ${String(issue.maximum)} ${what}`;
  if (issue.code === 'too_small')
    return issue.minimum === 1 ? 'is empty' : `has fewer than ${String(issue.minimum)} ${what}`;
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

const ARTICLES: Readonly<Record<string, string>> = {
  object: 'an object with fields',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

/** Why an input was refused, in one sentence that never repeats the whole input: it may be a megabyte long. */
export function whyRefused(error: z.ZodError): string {
  const first = error.issues[0];
  const field = first?.path.join('.');
  return `${field ? `${field}: ` : ''}${inWords(first)}`.slice(0, 200);
}

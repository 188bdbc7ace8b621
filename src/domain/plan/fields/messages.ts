import { z } from 'zod';
import { CHANNELS } from '../../replayed/outbox/channels.ts';
import { LETTER_NAMES, type LetterName } from '../../messages/letter-names.ts';
import { problemsOfOwnText } from '../../messages/own-wording.ts';
import { emailAddress } from '../../replayed/seat/email.ts';
import { duration } from './durations.ts';
import { oneLine } from './names.ts';

/** Languages that letters are written in. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const LOOPBACK = new Set(['localhost', '127.0.0.1']);

const channels = z
  .array(z.enum(CHANNELS, { error: `is not a channel; there are ${CHANNELS.join(', ')}` }))
  .max(CHANNELS.length)
  .transform((named) => [...new Set(named)]);
const noneByDefault = channels.prefault([]);

/** It goes along wherever the plan goes. */
const LONGEST_TEXT = 4_000;

/** What a letter does otherwise than the plan's other letters to attendees. */
const oneLetter = {
  by: channels.optional(),
  /** In words of your own, in any language: "Subject: …", an empty line, and the letter (docs/messages.md). */
  text: z
    .string()
    .max(LONGEST_TEXT, `is longer than ${LONGEST_TEXT} characters: change its file below messages/ instead`)
    .transform((written) => `${written.replaceAll('\r\n', '\n').trim()}\n`)
    .optional(),
};
const letter = z.strictObject(oneLetter).optional();
const LETTERS = {
  invitation: letter,
  'joined-late': letter,
  'new-cluster': letter,
  'another-cluster': letter,
  'not-tried': letter,
  ready: letter,
  /** After the Setup block. */
  'not-connected': z.strictObject({ ...oneLetter, after: duration('0m') }).optional(),
  /** Before the end. */
  'save-work': z.strictObject({ ...oneLetter, before: duration('15m') }).optional(),
  rescheduled: letter,
  'called-off': letter,
  goodbye: letter,
  feedback: letter,
} satisfies Record<LetterName, z.ZodType>;

const mail = z
  .strictObject({
    host: z.string().regex(/^[A-Za-z0-9.-]{1,253}$/, 'must be the name of a mail server, like smtp.example.com'),
    port: z.int().min(1).max(65_535).default(587),
    /** STARTTLS after a plain beginning, TLS from the first byte on, or neither. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    from: emailAddress,
    /** Shown beside the sender's address; the workshop's title if left out. */
    senderName: oneLine(100).optional(),
    /** Left out, answers go to the sender. */
    replyTo: emailAddress.optional(),
    perMinute: z.int().min(1).max(6_000).default(60),
  })
  .refine(({ host, security }) => security !== 'none' || LOOPBACK.has(host), {
    path: ['security'],
    message: 'may be none only for a mail server on the worker itself: write starttls or tls',
  });

/**
 * How messages reach people. What names no channel is written into the worker's folder only. Passwords, and addresses
 * that are secrets, are in the worker's environment.
 */
export const messages = z
  .strictObject({
    language: z.enum(LANGUAGES).default('en'),
    mail: mail.optional(),
    /** By which channels each group is written to. */
    attendees: noneByDefault,
    facilitators: noneByDefault,
    admin: noneByDefault,
    /** Letters to attendees that go by other channels, or at another time. */
    letters: z.strictObject(LETTERS).optional(),
    /** Everything goes to this one address instead, so that a facilitator sees it before anybody does. */
    onlyTo: emailAddress.optional(),
  })
  .superRefine(({ mail: server, attendees, facilitators, admin, letters = {} }, context) => {
    const toAttendees = [
      { path: ['attendees'], named: attendees },
      ...Object.entries(letters).map(([name, one]) => ({ path: ['letters', name, 'by'], named: one?.by ?? [] })),
    ];
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const name of LETTER_NAMES)
      for (const problem of problemsOfOwnText(name, letters[name]?.text)) refuse(['letters', name, 'text'], problem);
    for (const { path, named } of toAttendees) {
      if (named.includes('teams'))
        refuse(
          path,
          "names teams, which would show everybody's letters to a whole channel: write mail, slack or webhook",
        );
    }
    const all = [...toAttendees, { path: ['facilitators'], named: facilitators }, { path: ['admin'], named: admin }];
    for (const { path, named } of all) {
      if (server === undefined && named.includes('mail'))
        refuse(path, 'names mail, and no mail server is given: write mail with host and from');
    }
  });
export type MessagePlan = z.output<typeof messages>;

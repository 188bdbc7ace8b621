import { z } from 'zod';
import { emailAddress } from '../seat/email.ts';
import { LONGEST, MOST } from './bounds.ts';

/** What may be asked of a room. Whatever does not fit is refused, in words. */

const key = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-zA-Z0-9][\w-]*$/, 'is not the key of a seat');
const by = z.string().trim().min(1).max(LONGEST.by);
const text = (longest: number) => z.string().trim().max(longest);
/** No words are as good as none. */
const maybe = (longest: number) =>
  text(longest)
    .transform((said) => (said === '' ? undefined : said))
    .optional();

/**
 * Twenty signs, as `laptop/check.sh` writes them and people type them. Whether they are true, and what they say, is
 * known outside of workflows (src/domain/papers/laptop-evidence.ts).
 */
const laptopCode = z
  .string()
  .max(80)
  .transform((typed) => typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1'))
  .pipe(z.string().regex(/^[0-9A-HJKMNP-TV-Z]{20}$/, 'is not the code of a laptop check: that has 20 signs'));

/** By the name of the message. */
const ROOM_REQUESTS = {
  raiseHand: z.object({
    key,
    from: z.enum(['page', 'terminal']),
    words: maybe(LONGEST.words),
    checks: z
      .array(
        z.object({
          id: z.string().min(1).max(40),
          state: z.enum(['ok', 'warning', 'failed', 'skipped']),
          said: z.string().max(LONGEST.said),
        }),
      )
      .max(MOST.checks)
      .optional(),
  }),
  takeHand: z.object({ key, by }),
  lowerHand: z.object({ key, by, note: maybe(LONGEST.note) }),
  addNote: z.object({ key, by, text: text(LONGEST.note).min(1) }),
  /** An empty text takes it away; with `send` everybody is written to as well. */
  setBanner: z.object({ text: text(LONGEST.banner), by, send: z.boolean().optional() }),
  laptopSeen: z.object({ key, code: laptopCode }),
  /** A letter to one person on the roster. */
  tellPerson: z.object({ email: emailAddress, by, text: text(LONGEST.note).min(1) }),
} as const;

export type RoomRequest = keyof typeof ROOM_REQUESTS;
/** As it is written by whoever asks. */
export type RoomInputs = { readonly [Name in RoomRequest]: z.input<(typeof ROOM_REQUESTS)[Name]> };
/** As it is read. */
export type AskedOfRoom = { readonly [Name in RoomRequest]: z.output<(typeof ROOM_REQUESTS)[Name]> };

/** What reads a request of that name. */
export const roomRequest = <Name extends RoomRequest>(name: Name): z.ZodType<AskedOfRoom[Name]> =>
  ROOM_REQUESTS[name] as unknown as z.ZodType<AskedOfRoom[Name]>;

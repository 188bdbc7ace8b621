import { z } from 'zod';

/** The longest address that mail itself allows (RFC 5321 as corrected): anything longer is a mistake or an attack. */
const LONGEST = 254;
const REFUSAL = { error: 'is not an email address', abort: true } as const;

/** An email address, trimmed and in lower case. One definition for plans, rosters and whoever joins later. */
export const emailAddress = z
  .string()
  .max(4 * LONGEST, REFUSAL)
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.email(REFUSAL).max(LONGEST, REFUSAL));

/** The address trimmed and in lower case, or undefined when it is not one. Never throws. */
export function normaliseEmail(text: unknown): string | undefined {
  return z.safeParse(emailAddress, text).data;
}

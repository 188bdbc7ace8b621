import { z } from 'zod';
import { normaliseEmail } from '../../replayed/seat/email.ts';

const LONGEST = 500;

/** Where people answer after the workshop: an address of the web, or of mail. It stands in a letter as it is. */
export const feedbackPlace = z
  .string()
  .trim()
  .max(LONGEST)
  .refine(
    isPlace,
    'must be an https:// address of a form without credentials in it, or a mail address like ann@example.com',
  );

function isPlace(text: string): boolean {
  if (normaliseEmail(text) !== undefined) return true;
  if (!/^https:\/\/[!-~]+$/.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && url.username === '' && url.password === '';
}

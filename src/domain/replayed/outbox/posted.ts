import { z } from 'zod';
import { CHANNELS, GROUPS } from './channels.ts';
import type { Posted } from './outbox.ts';

const channels = z.array(z.enum(CHANNELS)).max(CHANNELS.length);
const LONGEST = 200_000;

/** What an outbox takes in; anything else that somebody sends by hand is dropped, so that it cannot stop the rest. */
export const postedSchema: z.ZodType<Posted> = z.looseObject({
  key: z.string().min(1).max(1_000),
  to: z.string().min(1).max(500),
  subject: z.string().max(2_000),
  text: z.string().max(LONGEST),
  attachments: z.array(z.string().max(200)).max(10),
  calendar: z.object({ method: z.enum(['REQUEST', 'CANCEL']), text: z.string().max(LONGEST) }).optional(),
  group: z.enum(GROUPS),
  plan: z.looseObject({ attendees: channels, facilitators: channels, admin: channels }),
  title: z.string().max(500),
}) as unknown as z.ZodType<Posted>;

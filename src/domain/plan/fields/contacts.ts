import { z } from 'zod';
import { emailAddress } from '../../replayed/seat/email.ts';
import { oneLine } from './names.ts';

const contact = z.strictObject({ name: oneLine(100), contact: oneLine(200) });

/** Who is written to, and whom letters name. */
export const contacts = z.strictObject({
  leadFacilitator: contact,
  databricksAdmin: contact,
  networkSupport: contact,
  /** Who helps in the room: they get the facilitator's mails too. */
  helpers: z
    .array(z.strictObject({ name: oneLine(100), contact: emailAddress }))
    .max(50)
    .optional(),
});

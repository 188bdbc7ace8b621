import { z } from 'zod';
import * as amendment from '../../domain/replayed/checklist/amendment-input.ts';
import * as requests from '../../domain/replayed/checklist/requests.ts';
import * as posted from '../../domain/replayed/outbox/posted.ts';
import * as room from '../../domain/replayed/room/requests.ts';
import * as details from '../../domain/replayed/seat/details.ts';
import * as email from '../../domain/replayed/seat/email.ts';
import * as jobReport from '../../domain/replayed/seat/job-report.ts';
import * as seat from '../../domain/replayed/seat/seat.ts';
import * as messages from './messages.ts';

/** Every module of workflow code that exports schemas. */
export const WITH_SCHEMAS = [amendment, requests, posted, room, details, email, jobReport, seat, messages];

/** In a bundle a module is an object, which gets what it exports; Node's own cannot be frozen, and need not be. */
const isBundled = Object.getOwnPropertyDescriptor(z.regexes, 'email')?.get !== undefined;

/**
 * Loaded before the other workflow code: what all workflows share is frozen, as deep as it goes, but zod finishes a
 * schema when it is first asked, and sets where a pattern begins. Where something is frozen already, the freezing goes
 * no deeper.
 */
if (isBundled) {
  Object.freeze(z.regexes);
  for (const module of WITH_SCHEMAS)
    for (const exported of Object.values(module)) if (exported instanceof z.ZodType) Object.freeze(exported);
}

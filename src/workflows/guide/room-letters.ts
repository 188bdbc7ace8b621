import type { RoomLetter } from '../../activities/messages/room-letters.ts';
import { channelsOfLetter } from '../../domain/replayed/outbox/channels.ts';
import { MINUTE } from '../../domain/replayed/time/units.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/** Work is to be saved this long before the end, unless the plan says otherwise. */
const BEFORE_THE_END = 15 * MINUTE;
/** Whoever reads it later than that is helped by nobody. */
const OF_USE = 10 * MINUTE;

/** The day before, to those whose laptops never connected to their clusters: there is time to help. */
export async function writeToTheUntried(w: Lifecycle): Promise<void> {
  // Begun late, the day itself is here: help is in the room.
  if (Date.now() < w.timeline.dayOf) await send(w, 'not-tried');
}

/**
 * Writes to the room: at its beginning to whoever's cluster serves, after the Setup block to whoever is not connected,
 * and before the end to all, that they save their work.
 */
export async function writeToTheRoom(w: Lifecycle): Promise<void> {
  const { opening, setup } = w.plan.agenda;
  const letters = () => w.plan.messages?.letters;
  await Promise.all([
    write(w, 'ready', () => w.timeline.start),
    // Once more, for those who were late; nobody gets it twice.
    write(w, 'ready', () => w.timeline.start + opening),
    write(w, 'not-connected', () => w.timeline.start + opening + setup + (letters()?.['not-connected']?.after ?? 0)),
    write(w, 'save-work', () => w.timeline.end - (letters()?.['save-work']?.before ?? BEFORE_THE_END)),
  ]);
}

async function write(w: Lifecycle, about: RoomLetter, moment: () => number): Promise<void> {
  // A short rehearsal has no such moment.
  if (!hasChannel(w, about) || moment() < w.timeline.start || moment() >= w.timeline.end) return;
  await w.until(moment, `until the room is written to: ${about}`);
  if (Date.now() <= moment() + OF_USE) await send(w, about);
}

/** A file in a folder reaches nobody in time. */
const hasChannel = (w: Lifecycle, about: RoomLetter): boolean => channelsOfLetter(w.plan.messages, about).length > 0;

async function send(w: Lifecycle, about: RoomLetter): Promise<void> {
  if (!hasChannel(w, about)) return;
  const { cohorts } = w.crowd;
  const { plan, timeline, run } = w;
  await w.calls
    .writeToRoom(run, { plan, timeline, cohorts, about, policyId: w.state.policyId, ...w.foundOut })
    .catch(ignoreUnlessCancelled);
}

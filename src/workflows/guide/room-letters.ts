import type { RoomLetter } from '../../activities/messages/room-letters.ts';
import { MINUTE } from '../../domain/replayed/time/units.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/** Work is to be saved this long before the end. */
const BEFORE_THE_END = 15 * MINUTE;
/** Whoever reads it later than that is helped by nobody. */
const OF_USE = 10 * MINUTE;

/**
 * Writes to the room: after the Setup block to whoever is not connected, and before the end to all, that they save
 * their work. Only where the plan names a channel: a file in a folder reaches nobody in time.
 */
export async function writeToTheRoom(w: Lifecycle): Promise<void> {
  if ((w.plan.messages?.attendees.length ?? 0) === 0) return;
  const { opening, setup } = w.plan.agenda;
  await write(w, 'not connected', () => w.timeline.start + opening + setup);
  await write(w, 'save work', () => w.timeline.end - BEFORE_THE_END);
}

async function write(w: Lifecycle, about: RoomLetter, moment: () => number): Promise<void> {
  // A short rehearsal has no such moment.
  if (moment() <= w.timeline.start || moment() >= w.timeline.end) return;
  await w.until(moment, `until the room is written to: ${about}`);
  if (Date.now() > moment() + OF_USE) return;
  const { cohorts } = w.crowd;
  const { plan, timeline, run } = w;
  await w.calls
    .writeToRoom(run, { plan, timeline, cohorts, about, policyId: w.state.policyId })
    .catch(ignoreUnlessCancelled);
}

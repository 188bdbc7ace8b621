import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import type { Absent } from '../../domain/replayed/seat/absent.ts';
import { raised } from '../../domain/replayed/seat/transitions.ts';
import type { AttendeeMessages } from './attendee-messages.ts';
import type { CohortInput } from './begun-with.ts';
import type { Places } from './places.ts';
import { startAttendee } from './start-attendee.ts';
import type { Wanted } from './wanted.ts';

interface Cohort {
  readonly input: CohortInput;
  readonly places: Places;
  readonly wanted: Wanted;
  readonly toSend: AttendeeMessages;
  readonly isReleasing: () => boolean;
}

/** Somebody ended their workflows by hand: others take the seats over from what was reported last. */
export async function startAgain(cohort: Cohort, absent: readonly Absent[]): Promise<void> {
  const { input, places, isReleasing } = cohort;
  const { workshopId } = input.run;
  for (const { workflowId, how } of absent) {
    const key = places.present().find((present) => attendeeAddress(workshopId, present) === workflowId);
    if (key === undefined) continue;
    // Completed: its last report was lost.
    if (how === 'stuck') places.stuck(key);
    else if (how === 'completed' || isReleasing()) places.closed(key);
    else await takeOver(cohort, key);
  }
}

async function takeOver({ input, places, wanted: all, toSend, isReleasing }: Cohort, key: string): Promise<void> {
  places.lost(key);
  const place = places.get(key);
  if (!place) return;
  const wanted = all.of(place.seat.role);
  const seat = raised(place.seat, wanted.target, false, wanted.due);
  await startAttendee(input, seat, wanted, place.seq);
  places.started(key);
  if (isReleasing()) toSend.push({ to: key, content: 'release' });
}

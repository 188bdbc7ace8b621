import { condition, setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import {
  addAttendeeInput,
  addAttendeesInput,
  removeAttendeesInput,
  whyRefused,
} from '../../domain/replayed/checklist/requests.ts';
import type { Details } from '../../domain/replayed/seat/details.ts';
import { addAttendee, addAttendees, removeAttendees } from '../shared/messages.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { readOrRefuse, refuseSignal, refuseUpdate } from '../workshop/refusals.ts';

/**
 * Late joiners: a list as an update, one person also as a signal, for anyone who has only the Temporal command line.
 */
export function hearRequestsToJoin(w: Lifecycle): void {
  setHandler(addAttendee, (input) => {
    const parsed = z.safeParse(addAttendeeInput, input);
    if (!parsed.success) {
      refuseSignal(w, 'addAttendee', `${whyRefused(parsed.error)}; send {"email":"somebody@example.com"}`);
      return;
    }
    const { email } = parsed.data;
    const late = whyTooLate(w);
    if (late) refuseSignal(w, `addAttendee ${email}`, late);
    else if (!add(w, email)) {
      refuseSignal(w, `addAttendee ${email}`, 'is enrolled already');
      w.crowd.lookFor([email]);
    }
  });

  setHandler(
    addAttendees,
    (input) => {
      const { emails, details = {}, by } = z.parse(addAttendeesInput, input);
      const unique = [...new Set(emails)];
      const added = unique.filter((email) => add(w, email, details[email]));
      const already = unique.filter((email) => !added.includes(email));
      w.crowd.lookFor(already, details);
      const others = already.length > 0 ? `, ${already.length} were enrolled already` : '';
      return { recorded: `${added.length} added by ${by}${others}`, added, already };
    },
    {
      validator: (input) => {
        readOrRefuse(addAttendeesInput, input);
        const late = whyTooLate(w);
        if (late) refuseUpdate(late);
      },
    },
  );
}

/** Who takes part no longer. What is theirs is taken away at once; nobody waits here for it. */
export function hearRequestsToLeave(w: Lifecycle): void {
  setHandler(
    removeAttendees,
    async (input) => {
      const { emails, by } = z.parse(removeAttendeesInput, input);
      const unique = [...new Set(emails)];
      // Whoever has only just been added is given their seat first: they are known by it.
      await condition(() => !unique.some((email) => w.crowd.isWaiting(email)), w.pace.step);
      const removed = await w.crowd.takeOut(unique, by, Date.now());
      const unknown = unique.filter((email) => !removed.includes(email));
      const others = unknown.length > 0 ? `; ${unknown.length} have no seat here, or not yet` : '';
      return { recorded: `${removed.length} removed by ${by}${others}`, removed, unknown };
    },
    {
      validator: (input) => {
        readOrRefuse(removeAttendeesInput, input);
        if (w.state.heading === 'after' || w.state.cancelled)
          refuseUpdate("the workshop is over: everybody's cluster is removed anyway");
        if (w.state.elsewhere) refuseUpdate('another Temporal server runs this workshop: remove them there');
      },
    },
  );
}

/** False when that address has a seat, or waits for one. */
function add(w: Lifecycle, email: string, details?: Details): boolean {
  if (!w.crowd.add(email, details)) return false;
  if (w.checklist.isDone('enrol')) {
    w.checklist.show('enrol', { evidence: `${w.crowd.size} seats, the latest while running` });
  }
  return true;
}

const whyTooLate = (w: Lifecycle): string | undefined =>
  w.state.heading === 'after' || w.state.cancelled || Date.now() >= w.timeline.end
    ? 'the workshop is over: nobody can be added any more'
    : undefined;

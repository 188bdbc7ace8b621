import { SeatReconciler, type AttendeeInput } from './seat-reconciler.ts';

/**
 * One person's seat, from enrolment to release. The target is raised from outside; the seat does, in order, whatever is
 * missing, and rests. It never fails: what goes wrong becomes a diagnosis and a next try.
 */
export async function attendee(input: AttendeeInput): Promise<void> {
  const reconciler = new SeatReconciler(input);
  reconciler.setup();
  return reconciler.run();
}

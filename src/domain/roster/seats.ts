import type { Plan } from '../plan/plan.ts';

/** Testers who are not on the roster: they have a seat and a cluster, and are no attendees. */
export const guestTestersOf = (plan: Pick<Plan, 'testers'>, people: readonly string[]): string[] =>
  plan.testers.filter((email) => !people.includes(email));

/** Everybody who gets a cluster, each once: the number that a lifecycle asks for quota and a pool with. */
export const seatsOf = (plan: Pick<Plan, 'testers'>, people: readonly string[]): number =>
  people.length + guestTestersOf(plan, people).length;

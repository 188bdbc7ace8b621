import type { Role } from '../replayed/seat/seat.ts';

/** A role as people read it. */
export const roleWords = (role: Role): string => (role === 'guest tester' ? 'tester, not attending' : role);

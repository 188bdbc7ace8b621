import type { Plan } from '../../plan/plan.ts';
import { appsWanted } from '../capacity/app-room.ts';
import { channelsOfLetter } from '../outbox/channels.ts';

// What of a plan decides whether a line is in its checklist.

export const hasPool = (plan: Plan): boolean => plan.compute.pool.use;
/** A plan of an earlier version says nothing of messages. */
export const isSent = (plan: Plan, letter = 'invitation'): boolean =>
  channelsOfLetter(plan.messages, letter).length > 0;
/** A plan of an earlier version says nothing of apps. */
export const makesApps = (plan: Plan): boolean => appsWanted(plan.apps, 1) > 0;
export const hasTesters = (plan: Plan): boolean => plan.testers.length > 0;

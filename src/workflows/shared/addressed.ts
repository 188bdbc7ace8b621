import type { Plan } from '../../domain/plan/plan.ts';
import type { Group } from '../../domain/replayed/outbox/channels.ts';

/** One of the plan's contacts. */
export type Role = Exclude<keyof Plan['contacts'], 'helpers'>;

/** By which of the plan's channels one of its contacts is told, and who else is. */
export function addressed(
  { title, messages, contacts }: Pick<Plan, 'title' | 'contacts'> & Partial<Pick<Plan, 'messages'>>,
  role: Role,
): { readonly plan: Pick<Plan, 'title' | 'messages'>; readonly group: Group; readonly also?: string[] } {
  const plan = { title, ...(messages === undefined ? {} : { messages }) };
  if (role !== 'leadFacilitator') return { plan, group: 'admin' };
  const also = (contacts.helpers ?? []).map(({ contact }) => contact);
  return { plan, group: 'facilitators', ...(also.length > 0 ? { also } : {}) };
}

import type { Plan } from '../../domain/plan/plan.ts';
import type { Group } from '../../domain/replayed/outbox/channels.ts';

/** By which of the plan's channels one of its contacts is told. */
export const addressed = (
  { title, messages }: Pick<Plan, 'title'> & Partial<Pick<Plan, 'messages'>>,
  role: keyof Plan['contacts'],
): { readonly plan: Pick<Plan, 'title' | 'messages'>; readonly group: Group } => ({
  plan: { title, ...(messages === undefined ? {} : { messages }) },
  group: role === 'leadFacilitator' ? 'facilitators' : 'admin',
});

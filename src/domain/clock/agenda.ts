import type { Plan } from '../plan/plan.ts';

/** One block of the day. Epoch milliseconds. */
export interface AgendaBlock {
  readonly name: string;
  readonly from: number;
  readonly until: number;
}

const NAMES: Readonly<Record<keyof Plan['agenda'], string>> = {
  opening: 'Opening',
  setup: 'Setup: connect to your cluster',
  handsOn: 'Hands-on: build your app',
  wrapUp: 'Wrap-up',
};

/**
 * The plan's blocks, one after the other from the start on. What is left of the workshop's length belongs to the
 * hands-on part, which is what people came for.
 */
export function agendaOf(
  { agenda }: Pick<Plan, 'agenda'>,
  { start, end }: { start: number; end: number },
): AgendaBlock[] {
  const planned = Object.values(agenda).reduce((sum, ms) => sum + ms, 0);
  const left = Math.max(0, end - start - planned);
  let from = start;
  return (Object.keys(NAMES) as (keyof Plan['agenda'])[]).flatMap((key) => {
    const lasts = agenda[key] + (key === 'handsOn' ? left : 0);
    const block = { name: NAMES[key], from, until: from + lasts };
    from += lasts;
    return lasts > 0 ? [block] : [];
  });
}

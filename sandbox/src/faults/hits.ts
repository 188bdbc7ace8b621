import type { Fault } from './fault.ts';
import { drawUnit } from '../time/draws.ts';

/**
 * Whether a fault hits this occurrence. It depends on the fault's seed, the resource, the route and how many times
 * that resource has come there before: never on what other resources did, so that the same people are hit in whatever
 * order requests arrive.
 * @param ordinal counted from 1.
 */
export function hits(fault: Fault, resource: string, route: string, ordinal: number): boolean {
  const nth = ordinal - (fault.offset ?? 0);
  if (nth < 1 || (fault.count !== undefined && nth > fault.count)) return false;
  return (
    fault.probability === undefined ||
    drawUnit(String(fault.seed ?? fault.name), `${resource}\0${route}\0${ordinal}`) < fault.probability
  );
}

import type { Plan } from '../../plan/plan.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';

/** What a cluster is launched on: in the pool, or on a node type of its own; the plan's where neither is said. */
export interface Machine {
  readonly nodeType?: string;
  readonly poolId?: string;
}

/**
 * The machine of a launch option. 0: as planned, in the pool where there is one. Then each fallback node type, outside
 * the pool. Then the planned node type outside the pool, because a pool may be full, or deleted, while the cloud has
 * machines.
 */
export function machineFor(option: number, { compute }: Plan, poolId: string | undefined): Machine {
  if (option === 0) return poolId === undefined ? {} : { poolId };
  const nodeType = compute.fallbackNodeTypes[option - 1];
  return nodeType === undefined ? {} : { nodeType };
}

/** How many options there are beside the planned one. */
export const otherMachines = ({ compute }: Plan, poolId: string | undefined): number =>
  compute.fallbackNodeTypes.length + (poolId === undefined ? 0 : 1);

/** A create or start that was refused because of the pool, which may have been deleted, goes on outside it. */
export const launchRefused = (diagnosis: Diagnosis): Diagnosis =>
  /instance.?pool/i.test(`${diagnosis.class} ${diagnosis.cause}`)
    ? { ...diagnosis, remedy: 'other-node-type' }
    : diagnosis;

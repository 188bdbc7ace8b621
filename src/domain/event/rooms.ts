import { machinesIn } from '../replayed/capacity/azure-capacity.ts';
import { appLimit } from '../replayed/capacity/app-room.ts';
import { azureMachine } from '../replayed/made/azure-machine.ts';
import { poolCapacity } from '../replayed/made/pool-spec.ts';
import type { PartPlan } from '../plan/several/event-plan.ts';
import type { Plan } from '../plan/plan.ts';

/** How many people a workspace takes, and what bounds it, in words. */
export interface PartRoom {
  /** Infinity where nothing that is known bounds it. */
  readonly most: number;
  readonly because: string;
}

/** The tightest of all that bounds a workspace: what its entry says, its apps, its subnet and its quota. */
export function roomOf({ plan, bounds }: Pick<PartPlan, 'plan' | 'bounds'>): PartRoom {
  const { people, subnet, vCpus } = bounds;
  const { compute } = plan;
  // What the pool holds beyond one for everyone takes an address and its vCPUs, too.
  const beside = compute.pool.use ? poolCapacity(plan, 0) : 0;
  const each = azureMachine(compute.nodeType)?.vCpus;
  const rooms: PartRoom[] = [
    { most: people ?? Infinity, because: 'as its plan says' },
    {
      most: subnet === undefined ? Infinity : machinesIn(subnet) - beside,
      because: `two subnets of /${subnet} have ${machinesIn(subnet ?? 0)} addresses, ${beside} of them for the margin`,
    },
    {
      most: vCpus === undefined || each === undefined ? Infinity : Math.floor(vCpus / each) - beside,
      because:
        `its quota of ${vCpus} vCPUs is ${Math.floor((vCpus ?? 0) / (each ?? 1))} machines, ${beside} of them for ` +
        'the margin',
    },
    appRoom(plan),
  ];
  const tightest = rooms.toSorted((a, b) => a.most - b.most)[0] as PartRoom;
  return tightest.most === Infinity
    ? { most: Infinity, because: 'nothing bounds it' }
    : { ...tightest, most: Math.max(0, tightest.most) };
}

/** A workspace holds few apps, and nobody can have that raised (docs/facts/apps.md section 2). */
function appRoom(plan: Plan): PartRoom {
  const limit = appLimit(plan);
  const { way, teamSize } = plan.apps;
  if (way === 'each') return { most: limit, because: `it holds ${limit} apps, and everybody makes one` };
  if (way === 'team')
    return { most: limit * teamSize, because: `it holds ${limit} apps, and each team of ${teamSize} makes one` };
  return { most: Infinity, because: '' };
}

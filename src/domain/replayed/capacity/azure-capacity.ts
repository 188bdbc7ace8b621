import { azureMachine } from '../made/azure-machine.ts';
import type { Plan } from '../../plan/plan.ts';
import { poolCapacity } from '../made/pool-spec.ts';

/** vCPUs to ask Azure for in one quota. `role`: the plan's machine, or one tried when that has run out. */
export interface FamilyNeed {
  readonly nodeType: string;
  readonly role: 'first' | 'fallback';
  /** Undefined together: the name says nothing about it, look it up. */
  readonly family: string | undefined;
  readonly vCpus: number | undefined;
}

/** What the cloud must have for everybody at once. */
export interface AzureCapacity {
  readonly machines: number;
  readonly families: readonly FamilyNeed[];
  /** For the "Total Regional vCPUs" quota; undefined when the plan's own machine is unknown. */
  readonly regionVCpus: number | undefined;
  readonly ipsPerSubnet: number;
  /** Prefix length: 24 means /24. Each of the workspace's two subnets must be at least this large. */
  readonly smallestSubnet: number;
}

/**
 * Azure keeps five addresses of every subnet; Databricks accepts none smaller than /26
 * (docs/facts/databricks-workspace.md section 12).
 */
const RESERVED_IPS = 5;
const SMALLEST_PREFIX = 26;

/** Counts machines as the pool may hold them, guest testers and margin included. Pure arithmetic: asks no cloud. */
export function azureCapacity(plan: Pick<Plan, 'compute'>, people: number): AzureCapacity {
  const machines = plan.compute.pool.use ? poolCapacity(plan, people) : people;
  const need = (nodeType: string, role: FamilyNeed['role']): FamilyNeed => {
    const machine = azureMachine(nodeType);
    return { nodeType, role, family: machine?.family, vCpus: machine && machine.vCpus * machines };
  };
  const first = need(plan.compute.nodeType, 'first');
  const fallbacks = plan.compute.fallbackNodeTypes.filter((type) => type !== plan.compute.nodeType);
  return {
    machines,
    families: [first, ...fallbacks.map((type) => need(type, 'fallback'))],
    regionVCpus: first.vCpus,
    ipsPerSubnet: machines,
    smallestSubnet: subnetFor(machines),
  };
}

/** Machines a subnet of this prefix length has room for: one address each. */
export function machinesIn(prefix: number): number {
  return 2 ** (32 - prefix) - RESERVED_IPS;
}

function subnetFor(machines: number): number {
  let prefix = SMALLEST_PREFIX;
  while (prefix > 0 && machinesIn(prefix) < machines) prefix -= 1;
  return prefix;
}

/** The questions for whoever knows the subscription, one a line. */
export function azureCapacityLines(capacity: AzureCapacity): string[] {
  const { machines, families, regionVCpus, smallestSubnet } = capacity;
  return [
    ...families.map(({ nodeType, role, family, vCpus }) => {
      const name = role === 'first' ? nodeType : `${nodeType} (only if the first runs out)`;
      return family === undefined
        ? `${name}: look up its family and vCPUs, and see that its quota has room for ${machines} machines`
        : `${name}: ${vCpus} vCPUs free in the quota "${family}"`;
    }),
    regionVCpus === undefined
      ? `"Total Regional vCPUs": room for ${machines} machines`
      : `"Total Regional vCPUs": ${regionVCpus} free`,
    `Each of the workspace's two subnets: ${machines} free addresses, so /${smallestSubnet} or larger ` +
      `(/${smallestSubnet} has room for ${machinesIn(smallestSubnet)})`,
    'A quota is a permission, not a promise: the region can still be out of machines. A capacity drill or a ' +
      'capacity reservation shows it.',
  ];
}

/** What a machine type's name says. Families are named as Azure's quota page names them. */
export interface AzureMachine {
  readonly family: string;
  readonly vCpus: number;
}

/** Azure's machine types, and only those, begin like this. */
export function isAzure(nodeType: string): boolean {
  return nodeType.startsWith('Standard_');
}

/** In the second generation the number in the name is a size, not a count. */
const V2_VCPUS: Readonly<Record<string, number>> = {
  1: 1,
  2: 2,
  3: 4,
  4: 8,
  5: 16,
  11: 2,
  12: 4,
  13: 8,
  14: 16,
  15: 20,
};
const MOST_VCPUS = 192;

/**
 * Family and number of vCPUs from a name like `Standard_D4ds_v5`; undefined for a name that does not follow the plain
 * pattern (GPU machines, constrained vCPUs, isolated machines), which a person must look up instead.
 */
export function azureMachine(nodeType: string): AzureMachine | undefined {
  const old = /^Standard_D(S?)(\d{1,2})_v2$/.exec(nodeType);
  if (old) {
    const vCpus = V2_VCPUS[Number(old[2])];
    return vCpus === undefined ? undefined : { family: `Standard D${old[1]}v2 Family`, vCpus };
  }
  const match = /^Standard_([DEFL])(\d{1,3})([a-hj-z]{0,4})_v(\d)$/.exec(nodeType);
  if (!match) return undefined;
  const [, letter = '', count = '', features = '', version = ''] = match;
  const vCpus = Number(count);
  if (vCpus < 1 || vCpus > MOST_VCPUS || (Number(version) < 3 && letter !== 'F' && letter !== 'L')) return undefined;
  return { family: `Standard ${letter}${features.toUpperCase()}v${version} Family`, vCpus };
}

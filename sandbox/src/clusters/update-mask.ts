import { clusterSpec } from './cluster-model.ts';
import type { ClusterSpec } from './cluster-model.ts';
import { invalidParameter } from '../http/errors.ts';

type Fields = Readonly<Record<string, unknown>>;

const COLLECTIONS = new Set(['spark_conf', 'spark_env_vars', 'custom_tags', 'init_scripts', 'ssh_public_keys']);

/**
 * A cluster's specification with the fields named by an update mask taken from `fields`: `num_workers,azure_attributes.availability`.
 * A field that the mask names and `fields` lacks is cleared; `*` replaces everything. Elements of lists and maps cannot be named,
 * only the whole (the rules of the Clusters API's update, as the Python SDK documents them).
 * @throws 400 INVALID_PARAMETER_VALUE for a mask that names no field of a cluster.
 */
export function masked(known: ClusterSpec, fields: Fields, mask: string): unknown {
  if (mask.trim() === '') throw invalidParameter('Missing required field: update_mask');
  if (mask === '*') return fields;
  const result = structuredClone(known) as Record<string, unknown>;
  for (const path of mask.split(',')) {
    const steps = path.split('.');
    const [root = ''] = steps;
    if (!Object.hasOwn(clusterSpec.shape, root))
      throw invalidParameter(`Invalid update_mask: '${path.slice(0, 80)}' is no field of a cluster.`);
    if (steps.length > 1 && COLLECTIONS.has(root))
      throw invalidParameter(
        `Invalid update_mask: '${path.slice(0, 80)}' names an element of ${root}. Name ${root} as a whole.`,
      );
    put(result, steps, read(fields, steps));
  }
  return result;
}

function read(fields: Fields, steps: readonly string[]): unknown {
  let value: unknown = fields;
  for (const step of steps) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Fields)[step];
  }
  return value ?? undefined;
}

function put(holder: Record<string, unknown>, steps: readonly string[], value: unknown): void {
  const [step = '', ...rest] = steps;
  if (rest.length === 0) {
    Object.defineProperty(holder, step, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const inner =
    Object.hasOwn(holder, step) && holder[step] !== null && typeof holder[step] === 'object' ? holder[step] : {};
  Object.defineProperty(holder, step, { value: inner, enumerable: true, configurable: true, writable: true });
  put(inner as Record<string, unknown>, rest, value);
}

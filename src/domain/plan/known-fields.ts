import type { z } from 'zod';

/** The paths of every field a schema knows, dotted: `compute`, `compute.pool`, `compute.pool.margin`. */
export function knownFields(schema: z.ZodType, prefix = ''): string[] {
  const shape = shapeOf(schema);
  return Object.entries(shape ?? {}).flatMap(([key, field]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...knownFields(field, path)];
  });
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined {
  // Defaults and transforms wrap the object that has the fields.
  const def = schema.def as z.ZodType['def'] & {
    shape?: Record<string, z.ZodType>;
    innerType?: z.ZodType;
    in?: z.ZodType;
  };
  if (def.type === 'object') return def.shape;
  const inner = def.innerType ?? def.in;
  return inner && shapeOf(inner);
}

/**
 * The known field a person most likely meant by an unknown key under `parent`: the nearest spelling there, or a field
 * of the same name elsewhere in the plan. Undefined when nothing is near.
 */
export function nearestField(known: readonly string[], parent: string, key: string): string | undefined {
  const siblings = known.filter((path) => path.slice(0, Math.max(0, path.lastIndexOf('.'))) === parent);
  const nearest = closest(siblings, key);
  if (nearest !== undefined) return nearest;
  return known.find((path) => plain(lastOf(path)) === plain(key)) ?? closest(known, key, 1);
}

function closest(
  paths: readonly string[],
  key: string,
  most = Math.max(1, Math.floor(key.length / 3)),
): string | undefined {
  const [best] = paths
    .map((path) => ({ path, distance: distance(plain(lastOf(path)), plain(key)) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= most ? best.path : undefined;
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
const plain = (key: string): string => key.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Edits between two words (insert, delete, replace), the measure of Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue | undefined;
}

/** Roots whose keys may hold dots themselves, such as `spark_conf.spark.master`. */
const MAPS = new Set(['spark_conf', 'custom_tags', 'spark_env_vars']);

/** A policy path as steps: `init_scripts.0.volumes.destination`, `custom_tags.Team`. */
function steps(path: string): string[] {
  const [root = '', ...rest] = path.split('.');
  return MAPS.has(root) && rest.length > 0 ? [root, rest.join('.')] : [root, ...rest];
}

/**
 * The paths that a policy's path stands for: `init_scripts.*.volumes.destination` and `custom_tags.*` for every
 * element that the spec has.
 */
export function pathsOf(pattern: string, spec: JsonObject): string[] {
  const match = /^([^*]+)\.\*(\..+)?$/.exec(pattern);
  if (!match) return [pattern];
  const [, head = '', tail = ''] = match;
  const holder = readAt(spec, head);
  return holder !== null && typeof holder === 'object' ? Object.keys(holder).map((key) => `${head}.${key}${tail}`) : [];
}

/** The value at a policy path, undefined when there is none. */
export function readAt(spec: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = spec;
  for (const step of steps(path)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : value[step];
  }
  return value;
}

/** Sets the value at a policy path, making the objects and lists on the way. */
export function writeAt(spec: JsonObject, path: string, value: JsonValue): void {
  const way = steps(path);
  const last = way.pop() ?? '';
  let holder: JsonObject | JsonValue[] = spec;
  for (const [index, step] of way.entries()) {
    const known: JsonValue | undefined = Array.isArray(holder) ? holder[Number(step)] : own(holder, step);
    const made: JsonObject | JsonValue[] = /^\d+$/.test(way[index + 1] ?? last) && !MAPS.has(step) ? [] : {};
    const next: JsonObject | JsonValue[] = known !== null && typeof known === 'object' ? known : made;
    put(holder, step, next);
    holder = next;
  }
  put(holder, last, value);
}

/** Removes the value at a policy path, if it is there. */
export function removeAt(spec: JsonObject, path: string): void {
  const way = steps(path);
  const last = way.pop() ?? '';
  let holder: JsonValue | undefined = spec;
  for (const step of way) {
    if (holder === null || typeof holder !== 'object') return;
    holder = Array.isArray(holder) ? holder[Number(step)] : own(holder, step);
  }
  if (holder !== null && typeof holder === 'object' && !Array.isArray(holder)) delete holder[last];
}

const own = (holder: JsonObject, step: string): JsonValue | undefined =>
  Object.hasOwn(holder, step) ? holder[step] : undefined;

function put(holder: JsonObject | JsonValue[], step: string, value: JsonValue): void {
  if (Array.isArray(holder)) holder[Number(step)] = value;
  else Object.defineProperty(holder, step, { value, enumerable: true, configurable: true, writable: true });
}

const DEEPEST = 6;

/** The smallest value that fits a JSON Schema, as far as its types, enums and required properties say. */
export function exampleOf(schema: unknown, depth = 0): unknown {
  if (schema === null || typeof schema !== 'object' || depth > DEEPEST) return null;
  const {
    type,
    enum: choices,
    const: fixed,
    default: standard,
    properties,
    required,
    items,
    minimum,
    minItems,
    anyOf,
    oneOf,
  } = schema as Readonly<Record<string, unknown>>;
  if (fixed !== undefined) return fixed;
  if (standard !== undefined) return standard;
  if (Array.isArray(choices)) return choices[0];
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return exampleOf(alternatives[0], depth + 1);
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return 'made up by the sandbox';
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 0;
    case 'boolean':
      return false;
    case 'array':
      return typeof minItems === 'number' && minItems > 0 ? [exampleOf(items, depth + 1)] : [];
    case 'null':
      return null;
    default:
      return exampleObject(properties, required, depth);
  }
}

function exampleObject(properties: unknown, required: unknown, depth: number): Record<string, unknown> {
  const known =
    properties !== null && typeof properties === 'object' ? (properties as Readonly<Record<string, unknown>>) : {};
  const names = new Set(Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []);
  return Object.fromEntries([...names].map((name) => [name, exampleOf(known[name], depth + 1)]));
}

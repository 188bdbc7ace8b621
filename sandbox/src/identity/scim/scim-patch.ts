import { z } from 'zod';
import { readRequiredBody, text } from '../../http/request-body.ts';
import { scimRefusal } from './scim-refusals.ts';
import { MOST_VALUES } from './scim-values.ts';

const patchBody = z.object({
  Operations: z
    .array(z.object({ op: text, path: text.max(1_000).optional(), value: z.unknown().optional() }))
    .min(1)
    .max(1_000),
});

/** One attribute that a PATCH changes. */
export interface ScimChange {
  readonly op: 'add' | 'remove' | 'replace';
  /** In lower case, as the ones below are. */
  readonly attribute: string;
  readonly subAttribute: string | undefined;
  readonly values: readonly unknown[];
}

const OPS = ['add', 'remove', 'replace'] as const;
const PATH = /^([A-Za-z]+)(?:\[([^\]]*)\])?(?:\.([A-Za-z]+))?$/;

/**
 * Reads a SCIM PATCH: operations with a path such as `members` or `members[value eq "12"]`, or without one and an
 * object of attributes as the value.
 * @throws 400.
 */
export function readScimPatch(json: unknown): ScimChange[] {
  return readRequiredBody(patchBody, json).Operations.flatMap(({ op, path, value }) => {
    const known = OPS.find((one) => one === op.toLowerCase());
    if (!known)
      throw scimRefusal('invalidSyntax', `Operation ${op.slice(0, 40)} is not one of add, remove and replace.`);
    if (path !== undefined && path !== '') return [changeAt(known, path, value)];
    if (known === 'remove') throw scimRefusal('noTarget', 'A remove operation needs a path.');
    return listOf(value).flatMap((attributes) => {
      if (!isObject(attributes))
        throw scimRefusal('invalidSyntax', 'An operation without a path needs an object of attributes as its value.');
      return Object.entries(attributes).map(([name, given]) => changeAt(known, name, given));
    });
  });
}

function changeAt(op: ScimChange['op'], path: string, value: unknown): ScimChange {
  const match = PATH.exec(path);
  if (!match) throw scimRefusal('invalidPath', `The path ${path.slice(0, 100)} is not understood.`);
  const [, attribute = '', selector, subAttribute] = match;
  const selected = selector === undefined ? [] : [selectedValue(selector, path)];
  if (op !== 'remove' && selected.length === 0 && value === undefined)
    throw scimRefusal('invalidValue', `The operation on ${attribute} has no value.`);
  return {
    op,
    attribute: attribute.toLowerCase(),
    subAttribute: subAttribute?.toLowerCase(),
    values: [...selected, ...(selected.length > 0 ? [] : listOf(value))],
  };
}

function selectedValue(selector: string, path: string): string {
  const value = /^\s*value\s+eq\s+"([^"]*)"\s*$/i.exec(selector)?.[1];
  if (value === undefined)
    throw scimRefusal('invalidPath', `The path ${path.slice(0, 100)} is not understood: only [value eq "…"] is.`);
  return value;
}

/** A list of values after the change. Removing without saying which removes all. */
export function changedList(before: readonly string[], { op, attribute, values }: ScimChange): string[] {
  const named = new Set(values.map((one) => textOf(one, attribute)));
  if (op === 'remove') return named.size === 0 ? [] : before.filter((value) => !named.has(value));
  const after = op === 'replace' ? named : new Set([...before, ...named]);
  if (after.size > MOST_VALUES) throw scimRefusal('invalidValue', `${attribute} takes at most ${MOST_VALUES} values.`);
  return [...after];
}

/** A text after the change; undefined when it was removed. */
export function changedText({ op, attribute, values }: ScimChange): string | undefined {
  if (op === 'remove') return undefined;
  if (values.length !== 1) throw scimRefusal('invalidValue', `${attribute} takes one value.`);
  return textOf(values[0], attribute);
}

/** A boolean after the change. */
export function changedFlag(change: ScimChange): boolean {
  const given = changedText(change)?.toLowerCase();
  if (given !== 'true' && given !== 'false')
    throw scimRefusal('invalidValue', `${change.attribute} must be true or false.`);
  return given === 'true';
}

/** The operation changes what cannot be changed by it. */
export const unknownAttribute = ({ attribute }: ScimChange): Error =>
  scimRefusal('invalidPath', `The attribute ${attribute.slice(0, 100)} cannot be changed with PATCH.`);

/** Values are plain or wrapped in `{ value }`. */
function textOf(given: unknown, attribute: string): string {
  const plain = isObject(given) ? given['value'] : given;
  if (typeof plain === 'boolean' || typeof plain === 'number') return String(plain);
  if (typeof plain !== 'string' || plain.includes('\0'))
    throw scimRefusal('invalidValue', `A value for ${attribute} is neither text nor an object with a value.`);
  return plain;
}

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

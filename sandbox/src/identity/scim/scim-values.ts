import { z } from 'zod';
import { text } from '../../http/request-body.ts';
import { scimRefusal } from './scim-refusals.ts';

/** In one list, such as the members of a group. */
export const MOST_VALUES = 10_000;

/** How SCIM bodies write a list: objects with a `value`. Other fields of theirs are for people, and ignored. */
export const valueList = z
  .array(z.object({ value: text.min(1) }))
  .max(MOST_VALUES)
  .optional();

/** The same where `{}` stands for no entitlement at all, as people and scripts send it. */
export const entitlementList = z
  .array(z.object({ value: text.min(1).optional() }))
  .max(MOST_VALUES)
  .optional();

/** `active` comes as a boolean or, from some clients, as text. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((given) => given === 'true')]);

export const personName = z.object({ givenName: text.optional(), familyName: text.optional() });

/** The entitlements of docs/facts/databricks-workspace.md section 10. */
const ENTITLEMENTS = new Set([
  'workspace-access',
  'databricks-sql-access',
  'allow-cluster-create',
  'allow-instance-pool-create',
  'workspace-consume',
]);

/** Each value once; what names none is left out. */
export const plainValues = (list: z.output<typeof entitlementList>): string[] => [
  ...new Set((list ?? []).flatMap(({ value }) => value ?? [])),
];

/** @throws 400 invalidValue for an entitlement that does not exist. */
export function entitlementValues(given: readonly string[]): readonly string[] {
  const unknown = given.find((value) => !ENTITLEMENTS.has(value));
  if (unknown !== undefined)
    throw scimRefusal(
      'invalidValue',
      `Entitlement ${unknown.slice(0, 100)} is not known. Entitlements are ${[...ENTITLEMENTS].join(', ')}.`,
    );
  return given;
}

import { z } from 'zod';

/** A field that may be missing; null, which some answers write instead, means missing too. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

/** A list that may be missing, which stands for empty. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
}

/** An answer nothing is relied on, but that it is an object. */
export const nothing = z.looseObject({});

import { z } from 'zod';

/** Text that may stand in a subject, a tag or a name: one line, not empty. */
export const oneLine = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^\P{Cc}*$/u, 'must be on one line, without control characters');

/** `catalog.schema.volume`; plain names only, so that no path or SQL built from it can be bent. */
export const volumeName = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_][A-Za-z0-9_-]*){2}$/,
    'must be catalog.schema.volume, with letters, digits, _ and - only',
  );

/** A machine type, as the cloud names it. */
export const nodeType = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{2,60}$/, 'is not a node type: write it like Standard_D4ds_v5');

/** The SSH tunnel is documented from Databricks Runtime 17.0 on (docs/facts/databricks.md section 5). */
const LOWEST_RUNTIME = 17;

/**
 * A Databricks Runtime that `databricks ssh` can connect to. Keys of 18 and later may have a major number alone:
 * `18.x-scala2.13`.
 */
export const sparkVersion = z
  .string()
  .regex(/^\d{1,3}\.(?:(?:\d{1,3}|x)\.\S+|x-\S+)$/, {
    error: 'is not a Spark version: write it like 17.3.x-scala2.13',
    abort: true,
  })
  .refine(
    (text) => Number.parseInt(text, 10) >= LOWEST_RUNTIME,
    `is below ${LOWEST_RUNTIME}.0, the oldest runtime databricks ssh is documented for: nobody could connect; ` +
      'use 17.3.x-scala2.13',
  );

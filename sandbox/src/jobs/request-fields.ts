import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { queryInteger, queryText, text } from '../http/request-body.ts';

/** An int64: clients of protocol buffers send them as text. */
export const id64 = z.preprocess(
  (given) => (typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : given),
  z.int().min(0),
);

/** The id of a run in the query. No id of the sandbox's is larger than {@link Number.MAX_SAFE_INTEGER}. */
export function queryId(query: URLSearchParams, name: 'run_id'): number {
  const given = queryText(query, name);
  if (/^\d{16,19}$/.test(given) && !Number.isSafeInteger(Number(given)))
    throw invalidParameter(`Run ${given} does not exist.`);
  return queryInteger(query, name, 0, Number.MAX_SAFE_INTEGER) ?? 0;
}

export const idempotencyToken = text.max(64, 'must have at most 64 characters').optional();
export const accessControl = z
  .array(
    z.object({
      user_name: text.optional(),
      group_name: text.optional(),
      service_principal_name: text.optional(),
      permission_level: text,
    }),
  )
  .max(2_000)
  .default([]);

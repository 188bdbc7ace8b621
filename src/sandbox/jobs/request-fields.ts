import { z } from 'zod';
import { text } from '../http/request-body.ts';

/** An int64: clients of protocol buffers send them as text. */
export const id64 = z.union([z.int().min(0), text.regex(/^\d{1,16}$/).transform(Number)]);
export const idempotencyToken = text.max(64, 'must have at most 64 characters').optional();
export const accessControl = z
  .array(z.object({ user_name: text.optional(), group_name: text.optional(), service_principal_name: text.optional(), permission_level: text }))
  .max(2_000)
  .default([]);

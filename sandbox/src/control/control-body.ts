import type { z } from 'zod';
import { ControlRefusal } from './control-route.ts';
import type { ControlCall } from './control-route.ts';

/** Reads the body of a control request. @throws {ControlRefusal} naming the field that is wrong. */
export function readControlBody<T extends z.ZodType>(schema: T, call: ControlCall): z.output<T> {
  const result = schema.safeParse(call.json ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.');
  throw new ControlRefusal(
    'The body is not what this route takes: ' +
      `${field ? `${field}: ` : ''}${issue?.message ?? 'not accepted'}. GET /__sandbox/ shows an ` +
      'example.',
  );
}

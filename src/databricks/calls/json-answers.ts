import type { z } from 'zod';
import { DatabricksError } from '../transport/errors.ts';

/** A reviver's third argument, which TypeScript does not know yet. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * JSON with whole numbers beyond 2^53 kept as text: Databricks sends 64-bit ids, which plain
 * JSON.parse would round to another id. Nothing at all, as with 204, is `{}`.
 * @throws {DatabricksError} NOT_JSON, above all for an HTML page with status 200.
 */
export function readJson(call: string, status: number, text: string): unknown {
  if (text.trim() === '') return {};
  const exact: Reviver = (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
      ? source
      : value;
  try {
    return /\d{16}/.test(text) ? JSON.parse(text, exact as (key: string, value: unknown) => unknown) : JSON.parse(text);
  } catch {
    const page = /<title[^>]*>(.*?)<\/title>/is.exec(text)?.[1]?.trim().slice(0, 100);
    // No cause: the parser's error quotes the text, and nobody knows what that holds.
    throw new DatabricksError({
      call,
      status,
      errorCode: 'NOT_JSON',
      detail: text.trimStart().startsWith('<')
        ? `a web page${page ? ` ("${page}")` : ''} came back instead of data: ` +
          'something between here and the workspace answered in its place'
        : `the answer is not JSON and ${text.length} characters long`,
      next: 'Check the workspace address, and whether a login page or proxy is in the way.',
    });
  }
}

/**
 * Holds an answer against what a workshop relies on. Fields beyond that are kept.
 * @throws {DatabricksError} UNEXPECTED_ANSWER that names the field.
 */
export function relyOn<T extends z.ZodType>(schema: T, answer: unknown, call: string, status = 200): z.output<T> {
  const checked = schema.safeParse(answer);
  if (checked.success) return checked.data;
  const issues = checked.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the answer itself'}: ${issue.message}`);
  throw unexpected(call, status, `a field that is relied on is missing or of another kind (${issues.join('; ')})`);
}

/** An answer that arrived whole but cannot be worked with. */
export function unexpected(call: string, status: number, detail: string): DatabricksError {
  return new DatabricksError({
    call,
    status,
    errorCode: 'UNEXPECTED_ANSWER',
    detail,
    next: 'The API may have changed, or something else answered in its place.',
  });
}

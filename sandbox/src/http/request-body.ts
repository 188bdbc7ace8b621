import { z } from 'zod';
import { invalidParameter, malformedRequest } from './errors.ts';

/** Text without NUL, which no Databricks name, path or id may hold. */
export const text = z.string().refine((value) => !value.includes('\0'), 'must not contain NUL');

/**
 * Reads a JSON body against a schema. A missing field is INVALID_PARAMETER_VALUE, a field of the wrong type
 * MALFORMED_REQUEST, as on a real workspace. No body at all reads as `{}`, a field that is null as one that is not
 * there.
 */
export function readBody<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  const given = json === undefined ? {} : json;
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw malformedRequest('Invalid JSON given in the body of the request - expected a map');
  }
  const asGiven = schema.safeParse(given);
  if (asGiven.success) return asGiven.data;
  const result = schema.safeParse(withoutNulls(given));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  if (issue?.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    throw invalidParameter(`Missing required field: ${field}`);
  }
  if (issue?.code === 'invalid_type' || issue?.code === 'invalid_union') {
    throw malformedRequest(`Could not parse request object: ${issue.message} at field '${field}'`);
  }
  throw invalidParameter(`Invalid value for field '${field}': ${issue?.message ?? 'not accepted'}`);
}

/** A field that is null is a field that is not there, as in all JSON of Databricks' APIs. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (field === null ? [] : [[name, withoutNulls(field)]])),
  );
}

/**
 * Reads a PATCH or PUT body that must be there: an empty one would silently change nothing (docs/facts/sdk.md
 * section 1.1).
 */
export function readRequiredBody<T extends z.ZodType>(schema: T, json: unknown): z.output<T> {
  if (json === undefined) throw malformedRequest('The request body is empty: expected a JSON object.');
  return readBody(schema, json);
}

/** A whole number from the query, between bounds; undefined when it is not given. */
export function queryInteger(
  query: URLSearchParams,
  name: string,
  lowest: number,
  highest: number,
): number | undefined {
  const given = query.get(name);
  if (given === null || given === '') return undefined;
  if (!/^-?\d{1,15}$/.test(given))
    throw invalidParameter(`Invalid value for parameter '${name}': '${given.slice(0, 40)}' is not an integer`);
  const value = Number(given);
  if (value < lowest || value > highest)
    throw invalidParameter(`Parameter '${name}' must be between ${lowest} and ${highest}, got ${value}`);
  return value;
}

/** A query parameter that must be there. */
export function queryText(query: URLSearchParams, name: string): string {
  const given = query.get(name);
  if (given === null || given === '') throw invalidParameter(`Missing required field: ${name}`);
  return given;
}

/** The same of a GET that older examples for curl send as a JSON body: a workspace takes it from there, too. */
export function queryOrBodyText(
  { query, json }: { readonly query: URLSearchParams; readonly json: unknown },
  name: string,
): string {
  const inBody =
    json !== null && typeof json === 'object' && Object.hasOwn(json, name)
      ? (json as Readonly<Record<string, unknown>>)[name]
      : undefined;
  return query.get(name) === null && typeof inBody === 'string' && !inBody.includes('\0')
    ? inBody
    : queryText(query, name);
}

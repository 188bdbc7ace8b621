import type { z } from 'zod';

/** Said where a required field is missing. */
const EXAMPLES: Readonly<Record<string, string>> = {
  id: 'id: spring-apps',
  title: 'title: Databricks Apps workshop',
  workspace: 'workspace: https://adb-123.4.azuredatabricks.net',
  start: 'start: 2027-03-16T09:00',
  timeZone: 'timeZone: Europe/Berlin',
  contacts: 'contacts:" with leadFacilitator, databricksAdmin and networkSupport below it, each with "name: …" and "contact: …',
  name: 'name: Ann Example',
  contact: 'contact: ann@example.com',
};

/** What a person must write instead, for every way zod finds a value wrong that the schema has no words of its own for. */
export function planMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') return wrongType(issue);
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return 'is empty';
    if (issue.origin === 'array') return `needs at least ${issue.minimum} entries`;
    return issue.inclusive === false ? `must be more than ${issue.minimum}` : `must be at least ${issue.minimum}`;
  }
  if (issue.code === 'too_big') {
    if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`;
    if (issue.origin === 'array') return `has more than ${issue.maximum} entries`;
    return `must be at most ${issue.maximum}`;
  }
  return undefined;
}

/** By what was expected. */
const WANTED: Readonly<Record<string, string>> = {
  string: 'must be text, not a list or a section',
  boolean: 'must be true or false',
  number: 'must be a number, without quotes or unit',
  array: 'must be a list: one entry a line, each after a dash',
  object: 'must be a section: its fields on the lines below, set in by two spaces',
};

function wrongType({ input, expected, path, format }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType> & { format?: unknown }): string {
  if (input === undefined) {
    const example = EXAMPLES[String(path?.at(-1) ?? '')];
    return example ? `is missing: write it like "${example}"` : 'is missing';
  }
  if (input === null) return 'has nothing after the colon: write a value, or take the line away';
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return `must be text, and ${input} is read as a ${typeof input}: put it in quotes, like "${input}"`;
  }
  if (expected === 'int' || format === 'safeint') return 'must be a whole number, without quotes or unit';
  return WANTED[expected] ?? `must be of type ${expected}`;
}

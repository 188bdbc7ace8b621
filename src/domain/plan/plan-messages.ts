import type { z } from 'zod';

/**
 * A right one of each field that is more than some text; said where it is missing, and where quotes alone would not
 * mend it.
 */
const EXAMPLES: Readonly<Record<string, string>> = {
  id: 'id: spring-apps',
  title: 'title: Databricks Apps workshop',
  workspace: 'workspace: https://adb-123.4.azuredatabricks.net',
  start: 'start: 2027-03-16T09:00',
  timeZone: 'timeZone: Europe/Berlin',
  contacts:
    'contacts:" with leadFacilitator, databricksAdmin and networkSupport below it, ' +
    'each with "name: …" and "contact: …',
  sparkVersion: 'sparkVersion: 17.3.x-scala2.13',
  nodeType: 'nodeType: Standard_D4ds_v5',
  fallbackNodeTypes: '- Standard_D4s_v5',
  testers: '- tester.one@example.com',
  scripts: 'scripts: main.default.init_scripts',
  logs: 'logs: main.default.workshop_logs',
  currency: 'currency: USD',
  feedback: 'feedback: https://forms.example.com/spring',
  name: 'name: Ann Example',
  contact: 'contact: ann@example.com',
};

/**
 * What a person must write instead, for every way zod finds a value wrong that the schema has no words of its own for.
 */
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

function wrongType({
  input,
  expected,
  path,
  format,
}: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType> & { format?: unknown }): string {
  if (input === undefined) {
    const example = exampleOf(path);
    return example ? `is missing: write it like "${example}"` : 'is missing';
  }
  if (input === null) return 'has nothing after the colon: write a value, or take the line away';
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    const read = `must be text, and ${input} is read as a ${typeof input}`;
    const example = exampleOf(path);
    return example === undefined || isFreeText(path, input)
      ? `${read}: put it in quotes, like "${input}"`
      : `${read}: write it like "${example}"`;
  }
  if (expected === 'int' || format === 'safeint') return 'must be a whole number, without quotes or unit';
  if (expected === 'string' && exampleOf(path) !== undefined)
    return `must be text, not a list or a section: write it like "${exampleOf(path)}"`;
  return WANTED[expected] ?? `must be of type ${expected}`;
}

/** By the name of the field, or of the list an entry is in. */
function exampleOf(path: readonly PropertyKey[] | undefined): string | undefined {
  const name = String(path?.findLast((part) => typeof part !== 'number') ?? '');
  return Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;
}

/** Fields in which any text is right, so that quotes are all that is missing. */
function isFreeText(path: readonly PropertyKey[] | undefined, input: number | boolean): boolean {
  const name = String(path?.at(-1) ?? '');
  return ['title', 'name', 'contact'].includes(name) || (name === 'id' && /^[a-z0-9]+$/.test(String(input)));
}

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { classOf, FAILURE_CLASSES, UNKNOWN_CLASS } from '../../../../src/domain/replayed/diagnosis/failure-classes.ts';

const FACTS = new URL('../../../../docs/facts/', import.meta.url);
const facts = (name: string): string => readFileSync(new URL(name, FACTS), 'utf8');
const CODE = /\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b/g;

/** The paragraph of docs/facts/databricks.md section 3 that lists them. */
const terminationCodes = [
  ...(/- Codes that matter[^:]*:(.*?)(?=\n- )/s.exec(facts('databricks.md'))?.[1]?.matchAll(/\b[A-Z][A-Z_]{6,}\b/g) ??
    []),
].map(([code]) => code);

/** Whatever looks like the code of a failure, on any page of the facts. */
const FAILS =
  /FAIL|EXCEED|EXHAUST|STOCKOUT|THROTTL|LIMIT|DENIED|INVALID|EXIST|NOT_FOUND|MALFORMED|UNAVAILABLE|REJECTED/;
const MORE_FAILS =
  /TIMEOUT|UNREACHABLE|DATA_LOSS|_DOWN$|_LOST$|EXCEPTION|DISABLED$|NOT_RESPONDING|MAX_CAPACITY|_ERROR$/;
/** Types of a termination (docs/facts/databricks.md section 3) are no codes: the code beside them says what it was. */
const NO_CODES: readonly string[] = ['CLIENT_ERROR', 'CLOUD_FAILURE', 'SERVICE_FAULT'];
const failureCodes = [
  ...new Set(
    readdirSync(FACTS)
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => facts(name).match(CODE) ?? [])
      .filter((code) => (FAILS.test(code) || MORE_FAILS.test(code)) && !NO_CODES.includes(code)),
  ),
];
/** `400 INVALID_STATE`, on any page. */
const answered = readdirSync(FACTS)
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) => [...facts(name).matchAll(/\b[45]\d\d ([A-Z]+(?:_[A-Z]+)+)/g)].map(([, code = '']) => code));

test('the pages of facts are read', () => {
  expect(terminationCodes).toContain('CLOUD_PROVIDER_RESOURCE_STOCKOUT');
  expect(terminationCodes).toContain('INACTIVITY');
  expect(terminationCodes.length).toBeGreaterThan(20);
  expect(failureCodes).toContain('RESOURCE_DOES_NOT_EXIST');
  expect(answered).toContain('INVALID_PARAMETER_VALUE');
});

test.each([...new Set([...terminationCodes, ...failureCodes, ...answered])])('%s has a class', (code) => {
  expect(classOf(code)).not.toBe(UNKNOWN_CLASS);
});

test.each([401, 403, 404, 409, 429, 500, 502, 503, 504])('an answer %d without a code has a class', (status) => {
  expect(classOf(`HTTP_${status}`)).not.toBe(UNKNOWN_CLASS);
});

test.each([401, 403, 404, 409, 429, 500, 503])('of people and groups, %d means what it means everywhere', (status) => {
  expect(classOf(`SCIM_${status}`)).toBe(classOf(`HTTP_${status}`));
});

test.each([...FAILURE_CLASSES, UNKNOWN_CLASS].map((of) => [of.name, of] as const))(
  '%s says what happened, what a person does, and what the program does, in a sentence each',
  (name, { what, person, program }) => {
    expect(classOf(name).name).toBe(name);
    for (const words of [what, person, program]) expect(words).toMatch(/^[A-Z"].{15,}\.$/);
    expect(what.match(/\. /g)).toBeNull();
  },
);

test('the page for facilitators says the same', () => {
  const rows = [...FAILURE_CLASSES, UNKNOWN_CLASS].map(
    ({ name, what, person, program, costs }) =>
      `| ${name} | ${what} | ${person} | ${program} | ${costs === 'passing' ? 'no' : 'yes'} |`,
  );
  const page = readFileSync(new URL('../failures.md', FACTS), 'utf8');
  expect(page.split('\n').filter((line) => /^\| [a-z]/.test(line))).toEqual(rows);
});

test('what the program itself says of a seat has a class too', () => {
  const own = [
    'check endpoint',
    'JOB_FAILED',
    'JOB_HUNG',
    'NOT_THEIR_CLUSTER',
    'INIT_SCRIPT',
    'UNREACHABLE',
    'TIMEOUT',
  ];
  const others = ['NOT_IN_WORKSPACE', 'INACTIVE', 'ACCESS_MISSING', 'NO_POLICY', 'WRONG_SETTINGS', 'OTHER_WORKSPACE'];
  for (const code of [...own, ...others]) expect(classOf(code), code).not.toBe(UNKNOWN_CLASS);
});

test('names of classes are told apart', () => {
  const names = FAILURE_CLASSES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('a code that nobody knows yet is said as it came', () => {
  expect(classOf('SOMETHING_NEW')).toBe(UNKNOWN_CLASS);
});

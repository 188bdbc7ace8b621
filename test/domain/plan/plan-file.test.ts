import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sparkVersion } from '../../../src/domain/plan/fields/names.ts';
import { formatProblem, readPlan } from '../../../src/domain/plan/plan-file.ts';
import { readRoster } from '../../../src/domain/roster/roster.ts';
import { examplePlan, exampleText, exampleWith, lineWith, shortestText } from './example-plan.ts';
import { FILE, only, problems } from './refused-plan.ts';

describe('what is accepted', () => {
  test('the example plan and the example roster', async () => {
    expect(examplePlan()).toMatchObject({
      id: 'spring-apps',
      length: 14_400_000,
      compute: { autoTerminationMinutes: 60, pool: { margin: 10 } },
    });
    const roster = readFileSync(new URL('../../../attendees.example.txt', import.meta.url));
    expect(await readRoster(roster, 'attendees.example.txt')).toMatchObject({
      problems: [],
      people: { length: 5 },
      duplicates: [],
    });
  });

  test('the example shows the values that hold when a field is left out', () => {
    const reading = readPlan(shortestText, FILE);
    if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
    const { id, title, workspace, contacts, testers, ...defaults } = reading.plan;
    expect(examplePlan()).toMatchObject(defaults);
    expect({ id, title, workspace, testers }).toEqual({
      id: 'short',
      title: 'Short',
      workspace: 'https://adb-1.2.azuredatabricks.net',
      testers: [],
    });
    expect(contacts.networkSupport.name).toBe('C');
  });

  test('Windows line ends and a byte order mark', () => {
    expect(readPlan(`\uFEFF${exampleText.replaceAll('\n', '\r\n')}`, FILE).ok).toBe(true);
  });

  test('a sandbox on this computer over http', () => {
    expect(examplePlan(['https://adb-1234567890123456.7.azuredatabricks.net', 'http://127.0.0.1:4321']).workspace).toBe(
      'http://127.0.0.1:4321',
    );
  });
});

describe('a file that is no plan has one clear problem', () => {
  test.each([
    ['an empty file', '', 'is empty'],
    ['only remarks', '# nothing\n', 'is empty'],
    ['a list', '- a\n- b\n', 'not a list'],
    ['a sentence', 'hello', 'not a list'],
    ['deep nesting', '['.repeat(20_000), 'nested too deep'],
    ['a huge file', '#'.repeat(300_000), 'longer than 64 KB'],
    ['two documents', `${exampleText}\n---\nid: b\n`, 'second document'],
    ['an open quote', 'title: "Apps\n', 'close it'],
    ['an open quote before a field', 'id: a\n"title: Apps\nlength: 4h\n', 'close it'],
    ['a word and no colon', 'id: a\nnocolon\n', 'has no colon'],
    ['a complex key', '? [a]\n: 1\n', 'before the colon'],
  ])('%s', (_name, text, message) => {
    expect(only(text).message).toContain(message);
  });

  test('tabs', () => {
    const text = exampleWith(['  setup: 20m', '\tsetup: 20m']);
    expect(only(text)).toMatchObject({
      line: lineWith(text, '\tsetup'),
      message: expect.stringContaining('tab') as string,
    });
  });

  test('a line set in too far', () => {
    const text = exampleWith(['  setup: 20m', '   setup: 20m']);
    expect(only(text)).toMatchObject({
      line: lineWith(text, 'opening: 15m'),
      message: expect.stringMatching(
        /^this line, or the one below it, .*space after every colon.*quotes around text with ": ".*same column/,
      ) as string,
    });
  });

  test.each([
    ['a quote', 'title: Databricks Apps', 'title: "Databricks Apps', 'title', '"'],
    [
      'a quote, and others after it',
      'title: Databricks Apps vibe coding workshop',
      'title: "Apps\nroster: "a.txt"',
      'title',
      '"',
    ],
    ['a single quote', '    name: Ann', "    name: 'Ann", 'contacts.leadFacilitator.name', "'"],
    ['a quote at the end', '  deletePool: true', '  deletePool: "true\n\n', 'teardown.deletePool', '"'],
    ['a bracket', 'blocking: []', 'blocking: [proxy', 'blocking', ']'],
    ['a brace', 'blocking: []', 'blocking: []\nserving2: { model: x', 'serving2', '}'],
  ])('%s that is not closed, at the line where it was opened', (_name, from, to, field, sign) => {
    const text = exampleWith([from, to]);
    const problem = only(text);
    expect(problem.line).toBe(lineWith(text, to.split('\n').at(field === 'serving2' ? 1 : 0) ?? ''));
    expect(problem.message).toMatch(/^opens a (quote|bracket) .* never closed: close it with /);
    expect(problem.message.at(-1)).toBe(sign);
    expect(problem.field).toBe(field);
  });

  test.each(['a: {', 'a: [b\n\n\n', 'a: "b\n\n', 'a:\n  - "b', 'a: "\\', 'a: 1\n}\n\n', 'a: |x\n', 'a\n'])(
    'no line is past the end: %j',
    (text) => {
      for (const { line } of problems(text)) expect(line).toBeLessThanOrEqual(text.trimEnd().split('\n').length);
    },
  );
});

test.each(['17.3.x-scala2.13', '18.x-scala2.13', '18.1.x-scala2.13', '19.x-cpu-ml-scala2.13'])(
  'the runtime %s is one',
  (key) => {
    expect(sparkVersion.safeParse(key).success).toBe(true);
  },
);
test.each(['18', '18.x', '18.x.', '16.x-scala2.12', 'x-scala2.13'])('the runtime %s is none', (key) => {
  expect(sparkVersion.safeParse(key).success).toBe(false);
});

describe('every problem names its field and line', () => {
  test.each([
    ['length: 4h', 'length: 4', 'length', 'needs a unit'],
    ['length: 4h', 'length: -4h', 'length', 'not a duration'],
    ['length: 4h', 'length: 0h', 'length', 'end before it starts'],
    ['length: 4h', 'length: 1d', 'length', 'counts in days'],
    ['sparkVersion: 17.3.x-scala2.13', 'sparkVersion: 16.4.x-scala2.12', 'compute.sparkVersion', 'below 17.0'],
    [
      'sparkVersion: 17.3.x-scala2.13',
      'sparkVersion: 17.3',
      'compute.sparkVersion',
      'write it like "sparkVersion: 17.3.x-scala2.13"',
    ],
    ['start: 2027-03-16T09:00', 'start: 20270316', 'start', 'write it like "start: 2027-03-16T09:00"'],
    ['start: 2027-03-16T09:00', 'start: [2027]', 'start', 'write it like "start: 2027-03-16T09:00"'],
    ['timeZone: Europe/Berlin', 'timeZone: 1', 'timeZone', 'write it like "timeZone: Europe/Berlin"'],
    ['id: spring-apps', 'id: 42', 'id', 'in quotes, like "42"'],
    ['id: spring-apps', 'id: 4.2', 'id', 'write it like "id: spring-apps"'],
    ['  - tester.one@example.com', '  - 1', 'testers[0]', 'write it like "- tester.one@example.com"'],
    [
      'testers:\n  - tester.one@example.com\n  - tester.two@example.com',
      'testers: tester.one@example.com,tester.two@example.com',
      'testers',
      'must be a list',
    ],
    [
      '  fallbackNodeTypes:\n    - Standard_D4s_v5\n    - Standard_E4ds_v4',
      '  fallbackNodeTypes: Standard_D4s_v5',
      'compute.fallbackNodeTypes',
      'must be a list',
    ],
    ['title: Databricks Apps vibe coding workshop', 'title: []', 'title', 'write it like "title: '],
    ['length: 4h', 'length: true', 'length', 'write it like 4h'],
    ['length: 4h', 'length: 240', 'length', 'like 240m'],
    ['length: 4h', 'length: 1.5', 'length', 'like 4h or 90m'],
    ['length: 4h', 'length: 15d', 'length', 'more than 14 days'],
    ['length: 4h', 'length: 360h', 'length', 'more than 14 days'],
    ['length: 4h', 'length: 1d2h', 'length', 'like 26h'],
    ['  grace: 1h', '  grace: 8d', 'teardown.grace', '7 days'],
    ['twoWeeksBefore: 14d', 'twoWeeksBefore: 14', 'offsets.twoWeeksBefore', 'like 14d'],
    ['dayOf: 30m', 'dayOf: 45', 'offsets.dayOf', 'like 45m'],
    [
      'logs: main.default.workshop_logs',
      'logs: main.default.Init_Scripts',
      'unityCatalog.logs',
      'is the volume of the scripts too',
    ],
    [
      'blocking: []',
      'blocking: [nosuch]',
      'blocking[0]',
      'there is no sign-off called nosuch; this plan has serving-capacity, apps-allowed, proxy',
    ],
    [
      'start: 2027-03-16T09:00',
      'start: 2027-03-28T02:30',
      'start',
      'the clocks of Europe/Berlin go forward on that day and skip that time',
    ],
    ['start: 2027-03-16T09:00', 'start: 2027-02-30T09:00', 'start', 'calendar'],
    ['start: 2027-03-16T09:00', 'start: 16.03.2027', 'start', 'date and time'],
    ['timeZone: Europe/Berlin', 'timeZone: Berlin', 'timeZone', 'Europe/Berlin'],
    ['id: spring-apps', 'id: Spring Apps', 'id', 'lower-case'],
    ['workspace: https://adb-1234567890123456.7', 'workspace: http://adb-1', 'workspace', 'https://'],
    ['workspace: https://adb-1234567890123456.7', 'workspace: http://sandbox:7474/', 'workspace', 'https://'],
    ['sparkVersion: 17.3.x-scala2.13', 'sparkVersion: latest', 'compute.sparkVersion', 'not a Spark version'],
    ['# databricksCli:', 'databricksCli: {version: v1.14.0}', 'databricksCli.version', 'write it like 1.14.0'],
    [
      '# databricksCli:',
      'databricksCli: {version: 0.268.9}',
      'databricksCli.version',
      'older than 0.269.0, the first with databricks ssh',
    ],
    ['workspace: https://adb-1234567890123456.7', 'workspace: adb-1', 'workspace', 'address'],
    ['  - tester.one@example.com', '  - tester.one', 'testers[0]', 'not an email'],
    ['    use: true', '    use: yes', 'compute.pool.use', 'true or false'],
    ['    margin: 10', '    margin: "10"', 'compute.pool.margin', 'must be a number'],
    ['    margin: 10', '    margin: -1', 'compute.pool.margin', 'at least 0'],
    ['    spares: 5', '    spares: 1.5', 'compute.pool.spares', 'whole number'],
    ['    drill: true', '    drill:', 'compute.pool.drill', 'nothing after the colon'],
    ['autoTerminationMinutes: 60', 'autoTerminationMinutes: 5', 'compute.autoTerminationMinutes', 'at least 10'],
    ['scripts: main.default.init_scripts', 'scripts: main/../x', 'unityCatalog.scripts', 'catalog.schema.volume'],
    ['  dayBefore: 1d', '  dayBefore: 8d', 'offsets.dayBefore', 'comes before oneWeekBefore'],
    ['blocking: []', 'blocking: all', 'blocking', 'list'],
    ['  grace: 1h', '  grace: 200h', 'teardown.grace', '7 days'],
  ])('%s → %s', (from, to, field, message) => {
    const text = exampleWith([from, to]);
    const problem = only(text);
    expect(problem).toMatchObject({ field, line: lineWith(text, to) });
    expect(problem.message).toContain(message);
  });

  test('missing fields, at the line of what they belong in', () => {
    const text = exampleWith(['    name: Bo Example\n', ''], ['title: Databricks Apps vibe coding workshop\n', '']);
    expect(problems(text)).toEqual([
      {
        field: 'title',
        line: lineWith(text, 'id: '),
        message: 'is missing: write it like "title: Databricks Apps workshop"',
      },
      {
        field: 'contacts.databricksAdmin.name',
        line: lineWith(text, 'databricksAdmin:'),
        message: 'is missing: write it like "name: Ann Example"',
      },
    ]);
  });

  test('many problems together, in the order of the file', () => {
    const found = problems(
      exampleWith(['id: spring-apps', 'id: 42'], ['length: 4h', 'length: 4'], ['margin: 10', 'margin: x']),
    );
    expect(found.map(({ field }) => field)).toEqual(['id', 'length', 'compute.pool.margin']);
  });

  test('a field written twice', () => {
    const text = exampleWith(['    spares: 5', '    spares: 5\n    spares: 6']);
    expect(only(text)).toEqual({
      field: 'compute.pool.spares',
      line: lineWith(text, 'spares: 6'),
      message: 'is written twice: keep one of the two',
    });
  });

  test('a problem reads like a compiler error', () => {
    expect(formatProblem(FILE, { field: 'compute.sparkVersion', line: 12, message: 'is old' })).toBe(
      'workshop.yaml:12: compute.sparkVersion: is old',
    );
    expect(formatProblem(FILE, { field: '', line: 1, message: 'is empty' })).toBe('workshop.yaml:1: is empty');
  });
});

describe('no tricks of YAML', () => {
  test.each(['length: &anchor 4h', 'length: !!binary 4h', 'length: !secret 4h'])('%s', (line) => {
    const text = exampleWith(['length: 4h', line]);
    expect(only(text)).toMatchObject({
      line: lineWith(text, line),
      message: expect.stringContaining('tag, anchor or alias') as string,
    });
  });

  test('a bomb of aliases is refused at once', () => {
    const bomb = [
      'a0: &a0 [x]',
      ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ].join('\n');
    expect(problems(bomb).length).toBeGreaterThan(0);
  });
});

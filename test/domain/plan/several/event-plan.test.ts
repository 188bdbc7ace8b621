import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../../src/domain/plan/plan-file.ts';
import { readAnyPlan, type EventPlan } from '../../../../src/domain/plan/several/event-plan.ts';
import { shortestText } from '../example-plan.ts';

/** The fields that have no default, for these workspaces. */
const planFor = (workspaces: string, more = ''): string =>
  `${shortestText.replace(/^workspace: .*\n/m, '')}${more}workspaces:\n${workspaces}`;

const TWO = `  - workspace: https://adb-1.1.azuredatabricks.net
    name: north
  - workspace: https://adb-2.2.azuredatabricks.net
`;

function eventIn(text: string): EventPlan {
  const read = readAnyPlan(text, 'p.yaml');
  if (!read.ok || !('event' in read)) throw new Error(JSON.stringify(read));
  return read.event;
}

function problemsIn(text: string): string[] {
  const read = readAnyPlan(text, 'p.yaml');
  return read.ok ? [] : read.problems.map((problem) => formatProblem('p.yaml', problem));
}

const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;

it('gives each workspace a plan of its own, that differs in id and workspace alone', () => {
  const { id, split, parts } = eventIn(planFor(TWO));
  expect({ split, names: parts.map(({ name }) => name) }).toEqual({ split: 'evenly', names: ['north', '2'] });
  const [north, second] = parts.map(({ plan }) => plan);
  expect([north?.id, second?.id]).toEqual([`${id}-north`, `${id}-2`]);
  expect(second?.workspace).toBe('https://adb-2.2.azuredatabricks.net');
  expect({ ...second, id: north?.id, workspace: north?.workspace }).toEqual(north);
});

it('takes a field from the entry where that says one, and the rest of its section from the file', () => {
  const text = planFor(
    `${TWO}    compute: {nodeType: Standard_D8ds_v5, pool: {spares: 2}}\n` +
      '    people: 40\n    subnet: /25\n    vCpus: 200\n',
    'compute: {sparkVersion: 17.1.x-scala2.13, pool: {margin: 3}}\n',
  );
  const [north, second] = eventIn(text).parts;
  expect(second?.plan.compute).toMatchObject({
    nodeType: 'Standard_D8ds_v5',
    sparkVersion: '17.1.x-scala2.13',
    pool: { spares: 2, margin: 3 },
  });
  expect(north?.plan.compute).toMatchObject({ nodeType: 'Standard_D4ds_v5', pool: { spares: 5, margin: 3 } });
  expect(second?.bounds).toEqual({ people: 40, subnet: 25, vCpus: 200 });
});

it('reads a plan for one workspace as ever', () => {
  expect(readAnyPlan(shortestText, 'p.yaml')).toMatchObject({ ok: true, plan: { id: 'short' } });
});

it('takes a name for a credential in no entry that is none outside of it', () => {
  const text = planFor(`${TWO}    serving: {demand: {maxTokens: 4000}}\n`);
  expect(eventIn(text).parts[1]?.plan.serving.demand.maxTokens).toBe(4_000);
  expect(problemsIn(planFor(`${TWO}    token: abc\n`)).join()).toContain('is named like a credential');
});

describe('what is wrong is said once, at its line', () => {
  it.each([
    ['  - workspace: https://adb-1.1.azuredatabricks.net\n', 'workspaces', 'workspaces: needs at least 2 entries'],
    [`${TWO}    name: north\n`, 'name: north\n  - ', 'is another'],
    [TWO.replace('adb-2.2', 'adb-1.1'), undefined, 'is in the list twice: keep one of the two'],
    [`${TWO}    subnet: /30\n`, 'subnet: /30', 'must be the size of each of the two subnets'],
    [`${TWO}    colour: red\n`, 'colour', 'is not a field of a plan'],
    [`${TWO}    compute: {nodeTyp: Standard_D8ds_v5}\n`, 'nodeTyp', 'did you mean compute.nodeType?'],
    [`${TWO}    compute: {nodeType: r6id.xlarge}\n    vCpus: 10\n`, 'vCpus', 'write people'],
    [`${TWO}    name: a-name-of-twenty-abcd\n`, 'a-name', 'must be 1 to 20 lower-case letters'],
  ])('%#', (workspaces, at, words) => {
    const text = planFor(workspaces);
    const problems = problemsIn(text);
    expect(problems.filter((problem) => problem.includes(words))).toHaveLength(1);
    if (at !== undefined && !at.includes('\n')) expect(problems[0]).toContain(`p.yaml:${lineOf(text, at)}:`);
  });

  it('of a field that all have in common, too', () => {
    expect(problemsIn(planFor(TWO, 'length: 20d\n'))).toEqual([
      expect.stringMatching(/^p\.yaml:\d+: length: is more than 14 days/),
    ]);
  });

  it('where a workspace is named beside the list, and where an id becomes too long', () => {
    expect(problemsIn(planFor(TWO, 'workspace: https://adb-3.3.azuredatabricks.net\n')).join()).toContain(
      'is one of "workspaces" already',
    );
    const long = planFor(TWO).replace(/^id: .*$/m, `id: ${'a'.repeat(38)}`);
    expect(problemsIn(long).join()).toMatch(/must be 1 to 40|longer than 40/);
  });
});

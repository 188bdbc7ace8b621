import { describe, expect, test } from 'vitest';
import { Checklist } from '../../../../src/domain/replayed/checklist/checklist.ts';
import { checklistFor, isDone, isForAPerson, type Item } from '../../../../src/domain/replayed/checklist/item.ts';
import { HEADINGS, linesOf, signOffIds, type LineId } from '../../../../src/domain/replayed/checklist/lines.ts';
import type { Plan } from '../../../../src/domain/plan/plan.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const example = examplePlan();
const LIMITS = { inputTokensPerMinute: 1_000_000, outputTokensPerMinute: 1_000_000, queriesPerHour: 1_000 };

/** The plan's switches in every combination. */
const variants: readonly [string, Plan][] = [true, false].flatMap((pool) =>
  [true, false].flatMap((drill) =>
    [true, false].flatMap((preProvision) =>
      [undefined, 'workshop-attendees'].flatMap((attendeeGroup) =>
        [undefined, LIMITS].flatMap((limits) =>
          [[], example.testers].map((testers): [string, Plan] => [
            JSON.stringify({
              pool,
              drill,
              preProvision,
              attendeeGroup,
              limits: limits !== undefined,
              testers: testers.length,
            }),
            {
              ...example,
              testers,
              ...(attendeeGroup ? { attendeeGroup } : {}),
              compute: { ...example.compute, preProvision, pool: { ...example.compute.pool, use: pool, drill } },
              serving: { ...example.serving, ...(limits ? { limits } : {}) },
            },
          ]),
        ),
      ),
    ),
  ),
);

const find = (plan: Plan, id: string) => checklistFor(plan).find((item) => item.id === id);

describe('the checklist of every kind of plan', () => {
  test.each(variants)('%s', (_, plan) => {
    const items = checklistFor(plan);
    const ids = items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, needs } of items) {
      expect(ids).toEqual(expect.arrayContaining([...needs]));
      // Nothing waits for what comes later in the guide.
      for (const need of needs) expect(ids.indexOf(need), `${id} needs ${need}`).toBeLessThan(ids.indexOf(id));
    }
    expect(items.every(({ state }) => state === 'waiting')).toBe(true);
    const headings = items.map(({ heading }) => HEADINGS.indexOf(heading));
    expect(headings).toEqual([...headings].sort((a, b) => a - b));
  });
});

describe('what a plan switches', () => {
  test('no pool: no line about one, and nothing waits for it', () => {
    const plan = { ...example, compute: { ...example.compute, pool: { ...example.compute.pool, use: false } } };
    for (const id of ['pool', 'pool-warms', 'warm-pool', 'spares']) expect(find(plan, id)).toBeUndefined();
    expect(find(plan, 'canary')?.needs).not.toContain('pool');
    expect(find(plan, 'capacity')?.kind).toBe('sign-off');
  });

  test('limits in the plan are checked; unknown ones are for a person', () => {
    expect(find(example, 'serving-capacity')?.kind).toBe('sign-off');
    expect(find({ ...example, serving: { ...example.serving, limits: LIMITS } }, 'serving-capacity')?.kind).toBe(
      'check',
    );
  });

  test('only hard dependencies block: the canary waits for what its cluster needs', () => {
    expect(find({ ...example, attendeeGroup: 'g' }, 'canary')?.needs).toEqual(['scripts', 'policy', 'pool', 'grants']);
    expect(find(example, 'clusters')?.needs).toEqual(['canary', 'enrol']);
  });

  test('a blocking sign-off says so', () => {
    const items = checklistFor({ ...example, blocking: ['proxy'] });
    expect(items.filter(({ blocking }) => blocking).map(({ id }) => id)).toEqual(['proxy']);
  });

  test('what may be blocking are the sign-offs', () => {
    expect(signOffIds(example)).toEqual([
      'serving-capacity',
      'apps-allowed',
      'proxy',
      'letters-sent',
      'support-channel',
      'windows-zscaler',
      'support-staff',
    ]);
  });
});

test('a mistyped line does not compile, and is nothing at run time', () => {
  // @ts-expect-error There is no such line: without this error the type check of the tests fails.
  const mistyped: LineId = 'canery';
  expect(new Checklist(checklistFor(example)).item(mistyped)).toBeUndefined();
});

describe('needs', () => {
  const line = { heading: 'first', kind: 'check', title: 'x' } as const;

  test('a need that no line has is no gate that stands open', () => {
    const lines = { rights: { ...line, needs: ['canery'] }, canary: line };
    expect(() => linesOf(example, lines)).toThrow('needs "canery", which is no line of it');
  });

  test('a need is left out only when this plan switches its line off', () => {
    const needs = (where: boolean) =>
      linesOf(example, { canary: { ...line, where: () => where }, rights: { ...line, needs: ['canary'] } }).find(
        ({ id }) => id === 'rights',
      )?.needs;
    expect([needs(true), needs(false)]).toEqual([['canary'], []]);
  });

  test('a stored item that needs what is no line any more waits', () => {
    const [rights] = checklistFor(example);
    const needy = { ...(rights as Item), needs: ['no-such-line' as LineId] };
    expect(new Checklist([needy]).mayBegin('rights')).toBe(false);
  });
});

test('done, and whose move it is', () => {
  const item = (state: Item['state'], kind: Item['kind'] = 'check'): Item => ({
    id: 'rights',
    heading: 'first',
    title: 'x',
    kind,
    needs: [],
    state,
  });
  expect((['passed', 'waived', 'signed off'] as const).map((state) => isDone(item(state)))).toEqual([true, true, true]);
  expect((['waiting', 'running', 'failed', 'unanswered'] as const).map((state) => isDone(item(state)))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(
    (['sign-off', 'hand-off', 'check', 'action'] as const).map((kind) => isForAPerson(item('waiting', kind))),
  ).toEqual([true, true, false, false]);
});

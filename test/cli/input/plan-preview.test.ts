import { describe, expect, it } from 'vitest';
import { planPage } from '../../../src/cli/terminal/plan-page.ts';
import type { Roster } from '../../../src/cli/input/input-files.ts';
import { previewOf } from '../../../src/cli/input/plan-preview.ts';
import { PLAIN } from '../../../src/cli/terminal/style.ts';
import { examplePlan } from '../../domain/plan/example-plan.ts';

const LONG_BEFORE = Date.parse('2027-01-01T00:00:00Z');
const PEOPLE = ['ann@example.com', 'bo@example.com', 'tester.one@example.com', 'tester.two@example.com'];

const preview = (
  change: {
    now?: number;
    takesOver?: boolean;
    people?: readonly string[];
    duplicates?: Roster['duplicates'];
    leftOut?: Roster['leftOut'];
    lines?: readonly (readonly [string, string])[];
  } = {},
) =>
  previewOf(
    {
      plan: examplePlan(...(change.lines ?? [])),
      modelLeftOut: false,
      people: change.people ?? PEOPLE,
      duplicates: change.duplicates ?? [],
      leftOut: change.leftOut ?? [],
      details: {},
    },
    change.now ?? LONG_BEFORE,
    change.takesOver,
  );
/** The example's own contacts and workspace are something to mind. */
const REAL_CONTACTS = [
  ['contact: ann@example.com', 'contact: ann@corp.test'],
  ['contact: bo@example.com', 'contact: bo@corp.test'],
  ['+49 30 555 0100', '+49 30 901820'],
  ['adb-1234567890123456.7', 'adb-1234567890123457.8'],
] as const;
const warnings = (change: Parameters<typeof preview>[0] = {}) => preview(change).warnings.join('\n');

describe('what will be created', () => {
  it('counts and names everything, testers apart from the others', () => {
    const { creates } = preview();
    expect(creates.map(({ what, count }) => [what, count])).toEqual([
      ['Unity Catalog volume', 2],
      ['cluster policy', 1],
      ['instance pool', 1],
      ['canary cluster', 1],
      ['cluster for a tester', 2],
      ['cluster for an attendee', 2],
    ]);
    expect(creates.at(-1)?.names).toEqual([
      'claude-code-workshop-spring-apps-ann',
      'claude-code-workshop-spring-apps-bo',
    ]);
    expect(new Date(creates.at(-1)?.at ?? 0).toISOString()).toBe('2027-03-09T08:00:00.000Z');
  });

  it('has no pool without one, and makes clusters on the day without pre-provisioning', () => {
    const { creates, timeline } = preview({
      lines: [
        ['use: true', 'use: false'],
        ['preProvision: true', 'preProvision: false'],
      ],
    });
    expect(creates.some(({ what }) => what === 'instance pool')).toBe(false);
    expect(creates.at(-1)?.at).toBeGreaterThan(timeline.start - 3_600_000);
  });
});

describe('what people will be asked', () => {
  it('is due when the next heading begins', () => {
    const proxy = preview().asks.find(({ id }) => id === 'proxy');
    expect(new Date(proxy?.askedAt ?? 0).toISOString()).toBe('2027-03-02T08:00:00.000Z');
    expect(new Date(proxy?.deadline ?? 0).toISOString()).toBe('2027-03-09T08:00:00.000Z');
  });

  it('leaves time to answer however late it starts', () => {
    const now = Date.parse('2027-03-16T07:58:00Z');
    for (const { askedAt, deadline } of preview({ now }).asks) expect(deadline - askedAt).toBeGreaterThan(0);
  });
});

describe('warnings', () => {
  it('has few for a good plan', () => {
    const good = { lines: REAL_CONTACTS };
    expect(preview(good).warnings).toHaveLength(1);
    expect(warnings(good)).toContain('The limits of Model Serving are not in the plan');
  });
  it('says nothing of what is overdue to whoever takes up what runs already', () => {
    for (const now of ['2027-03-10T00:00:00Z', '2027-03-16T09:00:00Z']) {
      const said = warnings({ now: Date.parse(now), takesOver: true });
      expect(said).not.toMatch(/Overdue|everything is made at once/);
      expect(said).toContain('The limits of Model Serving are not in the plan');
    }
  });
  it.each<[string, Parameters<typeof preview>[0], RegExp]>([
    [
      'overdue phases',
      { now: Date.parse('2027-03-10T00:00:00Z') },
      /Overdue already: two weeks before, one week before\./,
    ],
    [
      'a workshop that is over',
      { now: Date.parse('2027-03-17T00:00:00Z') },
      /is over: it ended Tue 16 Mar 2027, 13:00 Europe\/Berlin/,
    ],
    ['one that has begun', { now: Date.parse('2027-03-16T09:00:00Z') }, /The workshop began/],
    [
      'a start that the clocks show twice',
      { lines: [['2027-03-16T09:00', '2027-10-31T02:30']] },
      /Europe\/Berlin go back on that day and show 02:30 twice: the first is meant, 00:30 UTC/,
    ],
    [
      'testers off the roster',
      { people: ['ann@example.com'] },
      /Not on the roster.*tester\.one@example\.com, tester\.two@example\.com/,
    ],
    [
      'duplicates',
      { duplicates: [{ line: 7, email: 'ann@example.com', firstLine: 1 }] },
      /ann@example\.com \(line 7\)/,
    ],
    [
      'somebody without an address',
      { leftOut: [{ line: 9, what: 'Jane Doe', why: 'no address' }] },
      /line 9, "Jane Doe" \(no address\).*attendees import attendees\.txt --dry-run/,
    ],
    ['the same name twice', { people: [...PEOPLE, 'ann@example.org'] }, /ann@example\.com, ann@example\.org/],
    [
      'a short auto-termination',
      { people: Array.from({ length: 2_000 }, (_, i) => `p${i}@example.com`) },
      /Auto-termination after 60 minutes is short for 2000 people/,
    ],
    [
      'clusters that would leave the listings',
      {
        lines: [
          ['twoWeeksBefore: 14d', 'twoWeeksBefore: 60d'],
          ['oneWeekBefore: 7d', 'oneWeekBefore: 40d'],
        ],
      },
      /leave the workspace's listings after 30 days/,
    ],
    [
      'a short endpoint',
      {
        lines: [
          [
            '  # limits:\n  #   inputTokensPerMinute: 5000000\n  #   outputTokensPerMinute: ' +
              '5000000\n  #   queriesPerHour: 10000',
            '  limits:\n    inputTokensPerMinute: 1000\n    outputTokensPerMinute: 1000\n    queriesPerHour: 10',
          ],
        ],
      },
      /too small for everybody at once/,
    ],
  ])('names %s', (_, change, text) => {
    expect(warnings(change)).toMatch(text);
  });
});

describe('guests', () => {
  it('are counted once, in the quota and the pool that the lifecycle will ask for', () => {
    const people = Array.from({ length: 140 }, (_, i) => `p${i}@example.com`);
    const guests = preview({ people });
    const onTheRoster = preview({ people: [...people.slice(2), 'tester.one@example.com', 'tester.two@example.com'] });
    expect(guests.capacity.join('\n')).toContain('608 vCPUs free');
    expect(onTheRoster.capacity.join('\n')).toContain('600 vCPUs free');
    expect(guests.creates.find(({ what }) => what === 'instance pool')?.note).toContain('room for 152 machines');
    expect(guests.cost.people).toBe(142);
  });
});

describe('the page', () => {
  it('ends with all of it in one line', () => {
    const page = (lines: readonly (readonly [string, string])[], people?: readonly string[]) =>
      planPage(preview({ lines, ...(people ? { people } : {}) }), { asked: false, because: '' }, PLAIN).at(-1);
    expect(page([])).toMatch(/^Will make 4 clusters, 1 pool; ask \d+ things of people; about \$[\d.]+; /);
    expect(page([])).toMatch(/; nothing remains but 2 volumes and the policy\.$/);
    expect(page([['use: true', 'use: false']], ['ann@example.com'])).toMatch(/^Will make 3 clusters; ask /);
  });

  it('says the time zone, the Azure quota and why the workspace was not asked', () => {
    const page = planPage(preview(), { asked: false, because: 'because of --offline' }, PLAIN).join('\n');
    expect(page).toContain('When (Europe/Berlin)');
    expect(page).toContain('"Standard DDSv5 Family"');
    expect(page).toContain('/26 or larger');
    expect(page).toContain('because of --offline');
  });

  it('says on its first page that there is no room for an app each, with what helps', () => {
    const many = Array.from({ length: 140 }, (_, n) => `a${n}@corp.test`);
    const each = preview({ people: many, lines: [...REAL_CONTACTS, ['\n  way: local', '\n  way: each']] });
    const first = planPage(each, { asked: false, because: '' }, PLAIN).slice(0, 10);
    expect(first).toContain('✘ 140 apps are wanted, and the workspace holds 100.');
    expect(first.join('\n')).toMatch(/each team fits, with 2 people/);
    const there = { ...each.apps, there: 12 };
    const asked = { asked: true, host: '', workspaceId: '', user: '', rights: [], apps: there } as const;
    const remains = { ours: [], strangers: [], theirs: [], runs: [], volumes: [] };
    expect(planPage(each, { ...asked, remains }, PLAIN)).toContain(
      '✘ 140 apps are wanted, and the workspace holds 100, of which 12 are there.',
    );
    const some = planPage(preview({ people: many }), { asked: false, because: '' }, PLAIN).join('\n');
    expect(some).toMatch(/^Apps\n {2}5 apps are wanted, and the workspace holds 100$/m);
  });

  it('of an overdue plan begins with what comes first, and shows no moment that has passed', () => {
    const { phases } = preview({ now: Date.parse('2027-03-15T12:00:00Z') });
    expect(phases.slice(0, 4).map(({ name, overdue }) => [name, overdue])).toEqual([
      ['first', false],
      ['two weeks before', true],
      ['one week before', true],
      ['day before', true],
    ]);
    const page = planPage(preview({ now: Date.parse('2027-03-15T12:00:00Z') }), { asked: false, because: '' }, PLAIN);
    expect(page.filter((line) => /overdue: done at once/.test(line)).map((line) => line.trim().slice(0, 4))).toEqual([
      'now ',
      'now ',
      'now ',
    ]);
    expect(page.join(' ').replaceAll(/\s+/g, ' ')).toContain(
      'attendees can read and change all that is in the logs volume)',
    );
    expect(page).toContain('  + 1 × cluster policy, now (made if missing, and left behind)');
    expect(page.join('\n')).not.toMatch(/0[29] Mar 2027/);
  });

  it('counts one as one', () => {
    const page = planPage(
      preview({ people: ['ann@example.com'], lines: [['  - tester.two@example.com\n', '']] }),
      { asked: false, because: '' },
      PLAIN,
    );
    expect(page).toContain('1 attendee, 1 tester');
  });

  it('names the command that lists what is already there', () => {
    const page = planPage(
      preview(),
      {
        asked: true,
        host: 'https://adb-1.2.azuredatabricks.net',
        workspaceId: '1',
        user: 'worker',
        rights: [],
        remains: {
          ours: [{ kind: 'pool', id: 'p', name: 'pool', state: 'ACTIVE', run: 'r' }],
          strangers: [],
          theirs: [],
          runs: ['r'],
          volumes: [],
        },
      },
      PLAIN,
    ).join('\n');
    expect(page).toContain('bin/workshop teardown spring-apps --dry-run');
  });

  it('shows what an admin has to run', () => {
    const page = planPage(
      preview(),
      {
        asked: true,
        host: 'https://adb-1.2.azuredatabricks.net',
        workspaceId: '1',
        user: 'worker',
        remains: { ours: [], strangers: [], theirs: [], runs: [], volumes: [] },
        rights: [
          {
            id: 'policy',
            title: 'create the policy',
            verdict: 'no',
            because: 'only admins do',
            commands: ['databricks cluster-policies create …'],
          },
        ],
      },
      PLAIN,
    ).join('\n');
    expect(page).toContain('✘ create the policy');
    expect(page).toContain('    databricks cluster-policies create …');
  });
});

it("says how people's Claude Code is set up, and by which fields", () => {
  const page = planPage(preview(), { asked: false, because: 'no' }, PLAIN).join('\n');
  expect(page).toContain("How everybody's Claude Code is set up\n");
  expect(page).toContain('every request reserves 32,000 output tokens (serving.demand.maxTokens)');
});

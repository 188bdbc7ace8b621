import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { statusPage, type PageOptions } from '../../../src/cli/pages/status-page.ts';
import { statusView, type StatusContext } from '../../../src/domain/verdict/status-view.ts';
import { pageInTemporal } from '../../../src/cli/pages/temporal-page.ts';
import { COLOURED, PLAIN } from '../../../src/cli/terminal/style.ts';
import type { Item } from '../../../src/domain/replayed/checklist/item.ts';
import { HEADINGS } from '../../../src/domain/replayed/checklist/lines.ts';
import type { Progress } from '../../../src/domain/replayed/checklist/progress.ts';
import { stopWords } from '../../../src/domain/replayed/diagnosis/breaker.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { totalsOf } from '../../../src/domain/replayed/seat/totals.ts';
import { MINUTE } from '../../../src/domain/replayed/time/units.ts';
import { peopleStanding } from '../../../src/domain/verdict/people.ts';
import { progressAt, START } from '../sample-progress.ts';

const ABOUT = {
  timeZone: 'Europe/Berlin',
  timeline: {} as never,
  speed: 1,
  prices: { currency: 'USD', vmPerHour: 0.25, dbuPerHour: 1, perDbu: 0.55, apps: { dbuPerHour: 0.5, perDbu: 0.75 } },
};
/** As on a terminal of 24 rows: the last one is the prompt's. */
const SMALL: PageOptions = { style: PLAIN, columns: 80, rows: 23 };

function page(progress: Progress, options: PageOptions = SMALL, context: Partial<StatusContext> = {}): string[] {
  const lines = statusPage(
    statusView(progress, { about: ABOUT, isGone: false, now: START - 20 * MINUTE, ...context }),
    options,
  );
  return options.columns === undefined ? lines : lines.map((line) => cliTruncate(line, options.columns ?? 80));
}

function pageOf(seats: readonly Seat[], progress: Progress, now: number, options: PageOptions = SMALL): string[] {
  const people = peopleStanding(seats, { now, start: START, speed: 1, bootMs: 0 });
  return page({ ...progress, attendees: totalsOf(seats) }, options, { people, now });
}

const LONG = 'evidence that goes on and on '.repeat(20);
const QUOTA = {
  class: 'quota',
  remedy: 'other-node-type',
  cause:
    "The cloud subscription's vCPU quota is used up. (AZURE_QUOTA_EXCEEDED_EXCEPTION: Operation could not be " +
    'completed as it results in exceeding approved Total Regional Cores quota. Current Limit: 40, Current Usage: 40.)',
  toDo: 'Ask for more quota of this VM family and of "Total Regional vCPUs".',
} as const;
const POLICY_GONE = {
  class: 'request refused',
  remedy: 'person',
  cause:
    'POST /api/2.1/clusters/create: HTTP 400 INVALID_PARAMETER_VALUE: Cluster policy 0011223344556677 does not ' +
    'exist. [request 77aa-1]',
  toDo: 'A value of the plan or a rule of the cluster policy does not fit; correct it there.',
} as const;

const seat = (n: number): Seat => ({
  ...newSeat(`k${n}`, `attendee${String(n).padStart(3, '0')}@example.com`, 'attendee', 1),
  target: 'ready',
});
const failing = (n: number, diagnosis: Seat['diagnosis'] & object): Seat => ({
  ...seat(n),
  state: 'failed',
  failures: 2,
  diagnosis,
  failedLaunches: { inARow: 2, class: diagnosis.class, cause: '', at: START, onEveryMachine: true },
});
const ready = (n: number): Seat => ({ ...seat(n), state: 'ready', readyAt: START - 30 * MINUTE });
const range = <T>(from: number, to: number, of: (n: number) => T): T[] =>
  Array.from({ length: to - from + 1 }, (_, n) => of(from + n));

describe('80 columns and 24 rows', () => {
  it.each(HEADINGS)('hold all of it at "%s", whatever is said, for 140 people of whom 26 fail', (heading) => {
    const all = progressAt(heading).checklist;
    const long = Object.fromEntries(
      all.map(({ id }) => [id, { state: 'failed' as const, evidence: LONG, toDo: `${LONG}\n${LONG}` }]),
    );
    const seats = [
      ...range(1, 20, (n) => failing(n, QUOTA)),
      ...range(21, 26, (n) => failing(n, { ...POLICY_GONE, cause: `${LONG}${n}` })),
      ...range(27, 140, ready),
    ];
    for (const changes of [{}, long])
      for (const style of [PLAIN, COLOURED]) {
        const progress = progressAt(heading, changes);
        const lines = pageOf(seats, progress, START - 20 * MINUTE, { ...SMALL, style });
        expect(lines.length).toBeLessThanOrEqual(23);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
        expect(lines.join('\n')).toContain('bin/workshop retry spring-apps');
        expect(lines.join('\n')).toContain('attendee001@example.com');
      }
  });

  it.each([
    [40, 10],
    [20, 5],
    [12, 5],
  ])('smaller ones are survived: %i columns and %i rows', (columns, rows) => {
    const lines = page(progressAt('two weeks before'), { style: PLAIN, columns, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('tell a calm day: the verdict, the moment in the zone of the workshop, people, the present heading', () => {
    const progress = progressAt('day of', { 'warm-pool': { state: 'passed', evidence: '2 wait' } });
    expect(pageOf(range(1, 2, ready), progress, START - 20 * MINUTE)).toEqual([
      'On track: 2 of 2 ready, 20 minutes to spare',
      'Databricks Apps vibe coding workshop  spring-apps  Tue 16 Mar 2027, 09:00',
      '08:40:00 Europe/Berlin, "day of"; next: the start, 09:00',
      '',
      'People: 2  █ 2 ready',
      '  ██',
      '',
      '◌ Day of  1 of 5 done',
      '  ✔ Instance pool warmed for everybody  2 wait',
      '  ◌ Pool minimum lowered to the spares, before the first start',
      "  ◌ Everybody's cluster runs before the start",
      "  ◌ Claude Code tested on everybody's cluster, in the last quarter of an hour",
      '  ◌ Support staff are ready for setup issues',
      '',
      'More: bin/workshop checklist spring-apps; one person: bin/workshop why <email>',
    ]);
  });
});

describe('when everything is broken', () => {
  const red = { state: 'failed', evidence: '0 of 26 clusters run and serve.', toDo: 'See which.' } as const;
  const progress = progressAt('day of', { clusters: red, checks: red });
  const lines = pageOf(
    range(1, 26, (n) => failing(n, POLICY_GONE)),
    progress,
    START + MINUTE,
  );

  it('it looks broken: the cause once, how many and who, and the command; no tick', () => {
    expect(lines[0]).toBe('Broken: 26 of 26 failed: Cluster policy 0011223344556677 does not exist.');
    expect(lines).toContain('  ✘ 26 people: attendee001@example.com, attendee002@example.com and 24 more');
    expect(lines).toContain('      Then: bin/workshop retry spring-apps clusters');
    expect(lines.filter((line) => line.includes('does not exist'))).toHaveLength(2);
    expect(lines).toContain('✘ Day of  0 of 5 done, 2 failed');
    expect(lines.join('\n')).not.toMatch(/✔|\[request/);
  });

  it('it is red', () => {
    const seats = range(1, 26, (n) => failing(n, POLICY_GONE));
    const [first = ''] = pageOf(seats, progress, START + MINUTE, { ...SMALL, style: COLOURED });
    expect(first).toContain(COLOURED.red(COLOURED.bold(lines[0] ?? '')));
  });

  it('launches that are stopped go on with one command, and not with that of single people', () => {
    const run = { class: 'quota', people: 20, lastAt: 1, example: QUOTA.cause, exampleAt: 1 };
    const launches: Item = {
      id: 'launches',
      heading: 'first',
      title: 'Launches: no run of like failures',
      kind: 'check',
      needs: [],
      state: 'failed',
      at: 0,
      ...stopWords(run, 'spring-apps', 'every two minutes'),
    };
    const stopped = { ...progressAt('day of'), checklist: [launches, ...progressAt('day of').checklist] };
    const seats = [...range(1, 20, (n) => failing(n, QUOTA)), ...range(21, 140, seat)];
    const shown = pageOf(seats, stopped, START - MINUTE);
    expect(shown.slice(0, 2).join(' ')).toBe(
      "Broken: launches are stopped. 20 of 140 failed: The cloud subscription's vCPU quota is used up.",
    );
    expect(shown).toContain('      Ask for more quota of this VM family and of "Total Regional vCPUs".');
    expect(shown).toContain('      bin/workshop retry spring-apps launches');
    expect(shown.join('\n')).not.toContain('retry spring-apps clusters');
  });
});

describe('what is to be done', () => {
  it('each with its command: what failed, how to go on without it, what is overdue and what is asked', () => {
    const progress = progressAt('two weeks before', {
      canary: { state: 'failed', evidence: 'no boot [request 1-2]', toDo: 'Stage it again.' },
      proxy: { state: 'waiting', deadline: START, toDo: 'From a laptop.' },
      'serving-capacity': { kind: 'sign-off', state: 'unanswered', deadline: START - 60 * MINUTE },
    });
    const lines = page(progress, { style: PLAIN });
    const from = lines.indexOf('Do next');
    expect(lines.slice(from, from + 13)).toEqual([
      'Do next',
      '  ✘ Canary: a cluster boots, and what can be tried on it works: no boot',
      '      Stage it again.',
      '      bin/workshop retry spring-apps canary',
      '      Without it: bin/workshop waive spring-apps canary --reason "<why>"',
      "  ❗ Ask the admin: are the model's limits high enough?",
      '      bin/workshop sign-off spring-apps serving-capacity  (was due Tue 16 Mar 2027, 08:00 Europe/Berlin)',
      "  ◌ ssh <alias> check-claude works through the corporate proxy, from a tester's laptop",
      '      From a laptop.',
      '      bin/workshop sign-off spring-apps proxy --evidence <code>  (due Tue 16 Mar 2027, 09:00 Europe/Berlin)',
      '',
      expect.stringMatching(/^✘ Two weeks before {2}0 of \d+ done, 1 failed, 1 unanswered$/),
      expect.any(String),
    ]);
  });

  it('of a paused workshop: how it goes on', () => {
    const paused = { by: 'Ann', reason: 'the budget', at: START - 60 * MINUTE };
    const lines = page({ ...progressAt('one week before'), paused });
    expect(lines[0]).toBe('Paused by Ann since 08:00: the budget');
    expect(lines).toContain('      bin/workshop resume spring-apps');
  });

  it('of one whose lifecycle is gone: to take it up again, or to remove it', () => {
    const before = page(progressAt('one week before'), SMALL, { isGone: true });
    expect(before[0]).toMatch(/^Gone: /);
    expect(before).toContain('      bin/workshop start <plan> --adopt');
    expect(before).toContain('      Or remove it all: bin/workshop teardown spring-apps --dry-run');
    const after = page(progressAt('after'), SMALL, { isGone: true, now: START + 5 * 60 * MINUTE });
    expect(after.join('\n')).not.toContain('--adopt');
    expect(after).toContain('      bin/workshop teardown spring-apps --dry-run');
  });
});

it('a pipe gets all of it, unbroken: every trouble, and what is notable under other headings', () => {
  const progress = progressAt('day of', { letters: { state: 'failed', evidence: LONG } });
  const seats = range(1, 18, (n) => failing(n, { ...QUOTA, cause: `Trouble ${n}. ${LONG}` }));
  const lines = pageOf(seats, progress, START - MINUTE, { style: PLAIN });
  expect(lines.filter((line) => line.startsWith('      Trouble'))).toHaveLength(15);
  expect(lines).toContain('  … and 3 more: bin/workshop attendees list spring-apps');
  expect(lines).toContain(`  ✘ Invitations written for everybody; you send them: ${LONG.trim()}`);
  // Told once.
  expect(lines).toContain('  ✘ Invitations written for everybody; you send them');
});

it('says what clusters have cost so far, and which machines wait in the pool', () => {
  const progress = progressAt('one week before', {}, { byState: { parked: 140 }, upMs: 10 * 60 * MINUTE });
  const poolWaits = { machines: 5, since: START, perHour: '1.25 USD', trial: false, command: '' };
  expect(page(progress, SMALL, { poolWaits })).toContain(
    'Spent so far: about $8; 5 machines wait in the pool, about 1.25 USD an hour',
  );
  // What only the removal found up counts too, as it does in the report.
  const beside = { clusterUpMs: 10 * 60 * MINUTE, poolIdleMs: 4 * 60 * MINUTE };
  const over: Progress = { ...progress, status: 'finished', beside };
  expect(page(over).join('\n')).toMatch(/^Spent: about \$17(?:\.00)?$/m);
  // Two apps for four hours, at half a DBU.
  const withApps: Progress = { ...over, beside: { ...beside, appsUpMs: 8 * 60 * MINUTE } };
  expect(page(withApps).join('\n')).toContain("Spent: about $20, $3 of it for people's apps");
});

describe('where what is shown comes from', () => {
  const now = START - 20 * MINUTE;
  const looks = (...ages: number[]) => ages.map((age) => ({ at: now - age, everyMs: 30_000 }));

  it('says how old a listing is that is older than it should be', () => {
    const shown = (...ages: number[]) => page(progressAt('day of'), SMALL, { looks: looks(...ages) }).join('\n');
    expect(shown(25_000, 60_000)).not.toContain('last listed');
    expect(shown(25_000, 4 * MINUTE)).toContain(
      'The workspace was last listed 4 min ago, and should be every 30 s: clusters are\nshown as they were then.',
    );
  });

  it("names the workshop's own page in Temporal, where that is known", () => {
    const temporalPage = pageInTemporal('http://127.0.0.1:8233/', 'default', 'spring-apps');
    expect(temporalPage).toBe('http://127.0.0.1:8233/namespaces/default/workflows/workshop%2Fspring-apps');
    // At 80 columns without a word before it, so that it is whole.
    expect(page(progressAt('day of'), SMALL, { temporalPage })).toContain(temporalPage);
    const wide = page(progressAt('day of'), { ...SMALL, columns: 120 }, { temporalPage });
    expect(wide).toContain(`In Temporal: ${temporalPage}`);
    expect(page(progressAt('day of')).join('\n')).not.toContain('/workflows/');
  });
});

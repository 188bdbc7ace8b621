import { describe, expect, test } from 'vitest';
import { checklistFor, type Item } from '../../../src/domain/replayed/checklist/item.ts';
import { LINES } from '../../../src/domain/replayed/checklist/lines.ts';
import { newLifecycleState, type LifecycleState } from '../../../src/domain/replayed/checklist/lifecycle-state.ts';
import { reportOf } from '../../../src/domain/papers/report.ts';
import type { TeardownReport } from '../../../src/domain/replayed/ending/teardown-report.ts';
import { reportPage } from '../../../src/domain/papers/report-page.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { timelineOf } from '../../../src/domain/plan/timeline-of-plan.ts';
import { examplePlan } from '../plan/example-plan.ts';

const plan = examplePlan();
const timeline = timelineOf(plan);
const DONE: TeardownReport = {
  seq: 9,
  stage: 'done',
  clustersDeleted: 3,
  clustersSeen: 3,
  clustersLeft: 0,
  poolsDeleted: 1,
  poolKept: false,
  upMs: 0,
  proof: { first: '2027-03-16T13:10:00.000Z', second: '2027-03-16T13:12:00.000Z', clusters: 0, pools: 0 },
};
const seat = (email: string, more: Partial<Seat> = {}): Seat => ({
  ...newSeat(email, email, 'attendee', 1),
  state: 'released',
  clusters: 1,
  readyAt: 1,
  ...more,
});
const seats = [
  seat('ann@example.com'),
  {
    ...newSeat('ben', 'ben@example.com', 'attendee', 1),
    state: 'released',
    clusters: 1,
    diagnosis: { class: 'quota', cause: 'No cores left.', toDo: 'Ask for more.', remedy: 'person' },
  } satisfies Seat,
  seat('guest@example.com', { role: 'guest tester' }),
];

function report(change: Partial<LifecycleState> = {}) {
  const state = {
    ...newLifecycleState(checklistFor(plan), [], []),
    canaries: 1,
    canariesRemoved: 1,
    poolsCreated: 1,
    teardown: DONE,
    ...change,
  };
  return reportOf({ plan, timeline, run: { runId: 'r1' }, seats, state, estimate: 600, actual: 512.5 });
}

describe('the report for programs', () => {
  test('names whoever was enrolled and never had a seat; guests are not attendees', () => {
    const { attendees, notReady } = report({
      toEnrol: ['late@example.com', 'guest2@example.com'],
      guests: ['guest2@example.com'],
    });
    expect(attendees).toMatchObject({ total: 3, ready: 1, failed: 2 });
    expect(notReady.map(({ email }) => email)).toEqual(['ben@example.com', 'late@example.com']);
    expect(notReady[1]?.cause).toContain('before there was a seat');
  });

  test('has the keys that others rely on', () => {
    expect(report()).toMatchObject({
      workshop: { id: 'spring-apps', outcome: 'finished', runId: 'r1' },
      attendees: { total: 2, ready: 1, failed: 1, removed: 2 },
      clusters: { created: 4, deleted: 4, left: 0 },
      pool: { created: 1, deleted: 1 },
      cost: { currency: 'USD', estimate: 600, actual: 512.5, note: 'metered, not the invoice' },
      proof: DONE.proof,
      notReady: [{ email: 'ben@example.com', cause: 'No cores left.', toDo: 'Ask for more.' }],
    });
    expect(report().kept).toEqual([
      'cluster policy "claude-code-workshop"',
      'init scripts in main.default.init_scripts',
      'logs in main.default.workshop_logs',
    ]);
  });

  test('says what nobody but their own clusters has said', () => {
    const proof = { scripts: 1, seen: 'events', at: 1 } as unknown as NonNullable<Seat['proof']>;
    const state = { ...newLifecycleState(checklistFor(plan), [], []), teardown: DONE };
    const of = (some: readonly Seat[]) =>
      reportOf({ plan, timeline, run: { runId: 'r1' }, seats: some, state, estimate: 1, actual: 1 });
    const told = of([seat('ann@example.com', { proof })]);
    expect(told.unchecked).toContain('what was saved of their files');
    expect(reportPage(told)).toMatch(/^Unchecked {3}said by people's own clusters alone: /m);
    expect(of([seat('ann@example.com')]).unchecked).toBeUndefined();
  });

  test('says why nobody launched a cluster for somebody whose own never failed', () => {
    const { readyAt: _, ...never } = seat('cy@example.com', { clusters: 0 });
    const of = (canary: Partial<Item>) =>
      reportOf({
        plan,
        timeline,
        run: { runId: 'r1' },
        seats: [never],
        state: {
          ...newLifecycleState(
            checklistFor(plan).map((item) => (item.id === 'canary' ? { ...item, ...canary } : item)),
            [],
            [],
          ),
          teardown: DONE,
        },
        estimate: 0,
        actual: 0,
      }).notReady;
    const told = { evidence: 'The bundle is damaged.', toDo: 'Stage it again.' };
    expect(of({ state: 'failed', ...told })).toEqual([
      {
        email: 'cy@example.com',
        cause: `No cluster was launched, because of the line "${LINES.canary.title}": The bundle is damaged.`,
        toDo: 'Stage it again.',
      },
    ]);
    expect(of({ state: 'waived', ...told })).toMatchObject([{ cause: 'never got as far as a running cluster' }]);
  });

  test('names whoever lost a cluster, also when nobody was failed at the end', () => {
    const last = { class: 'stockout', cause: 'No machine.', toDo: 'Wait.', remedy: 'again' } as const;
    const lost = { launches: 2, last };
    const { readyAt: _, ...tried } = seat('cy@example.com', { lost });
    const state = { ...newLifecycleState(checklistFor(plan), [], []), teardown: DONE };
    const said = reportOf({
      plan,
      timeline,
      run: { runId: 'r1' },
      seats: [seat('ann@example.com', { lost }), tried],
      state,
      estimate: 0,
      actual: 0,
    });
    expect(said.notReady).toEqual([{ email: 'cy@example.com', cause: 'No machine.', toDo: 'Wait.' }]);
    expect(said.troubled).toEqual([{ email: 'ann@example.com', launchesLost: 2, cause: 'No machine.', toDo: 'Wait.' }]);
    expect(reportPage(said)).toMatch(
      new RegExp(
        'Trouble +1 of those who were ready lost a cluster on the way\n' +
          ' +- ann@example.com: No machine. The last of 2 times. Wait.',
      ),
    );
    expect(reportPage(report())).not.toContain('Trouble');
  });

  test('whose work was saved only in part is named, by what was counted and not by the words', () => {
    const saved = { state: 'saved', at: 1, files: 2, kept: true } as const;
    const state = { ...newLifecycleState(checklistFor(plan), [], []), teardown: DONE };
    const said = reportOf({
      plan,
      timeline,
      run: { runId: 'r1' },
      seats: [
        seat('ann@example.com', { saved: { ...saved, left: 0, said: "left out: only in this file's name" } }),
        seat('dan@example.com', { saved: { ...saved, left: 1, said: 'a long sentence that was cut…' } }),
      ],
      state,
      estimate: 0,
      actual: 0,
    });
    expect(said.saved).toEqual({
      saved: 2,
      nothing: 0,
      asleep: 0,
      failed: [],
      inPart: [{ email: 'dan@example.com', said: 'a long sentence that was cut…' }],
    });
    expect(reportPage(said)).toMatch(
      new RegExp(
        'Saved +files of 2 people saved into their work folders, of 1 of them not all; 0 had nothing else\n' +
          ' +- dan@example.com: a long sentence that was cut…',
      ),
    );
  });

  test('a pool that stays is said', () => {
    expect(report({ teardown: { ...DONE, poolsDeleted: 0, poolKept: true } }).kept.at(-1)).toMatch(/pool/);
  });

  test('without a teardown nothing is claimed', () => {
    const state = newLifecycleState(checklistFor(plan), [], []);
    const bare = reportOf({ plan, timeline, run: { runId: 'r1' }, seats, state, estimate: 0, actual: 0 });
    expect(bare).toMatchObject({
      attendees: { removed: 0 },
      clusters: { deleted: 0 },
      proof: { first: null, second: null },
    });
    expect(reportPage(bare)).toContain('NOT PROVEN');
  });
});

describe('ready means ready at the start', () => {
  const MINUTE = 60_000;
  const late = (items: readonly Item[]) =>
    reportOf({
      plan,
      timeline,
      run: { runId: 'r1' },
      seats: [
        seat('ann@example.com', { readyAt: timeline.start - MINUTE }),
        seat('bo@example.com', { readyAt: timeline.start + 13 * MINUTE }),
        seat('cy@example.com', { readyAt: timeline.start + 4 * MINUTE }),
      ],
      state: { ...newLifecycleState(items, [], []), teardown: DONE },
      estimate: 0,
      actual: 0,
    });
  const items = checklistFor(plan).map((item) =>
    item.id === 'clusters'
      ? {
          ...item,
          state: 'passed' as const,
          at: timeline.start + 13 * MINUTE,
          evidence: 'all 3 run, 13 min after the start',
        }
      : { ...item, state: 'passed' as const, at: timeline.start - MINUTE },
  );

  test('whoever was ready later is counted apart, with when', () => {
    const { attendees, readyLater } = late(items);
    expect(attendees).toEqual({ total: 3, ready: 1, later: 2, failed: 0, removed: 3 });
    expect(readyLater).toEqual([
      { email: 'cy@example.com', readyAt: new Date(timeline.start + 4 * MINUTE).toISOString(), minutesAfterStart: 4 },
      { email: 'bo@example.com', readyAt: new Date(timeline.start + 13 * MINUTE).toISOString(), minutesAfterStart: 13 },
    ]);
    const page = reportPage(late(items));
    expect(page).toContain('1 of 3 were ready at the start, 2 later; 3 removed');
    expect(page).toMatch(/Late +2 were ready only after the start\n +- cy@example\.com: .*, 4 min after$/m);
  });

  test('a line that was done after the start is late, and not as planned', () => {
    expect(late(items).checklist.filter((line) => line.late)).toMatchObject([{ id: 'clusters', state: 'passed' }]);
    expect(reportPage(late(items))).toContain(
      "Not as planned\n            - Everybody's cluster runs before the start: " +
        'late (all 3 run, 13 min after the start)\n',
    );
    const inTime = items.map((item) => ({ ...item, at: timeline.start - MINUTE }));
    expect(reportPage(late(inTime))).not.toContain('Not as planned');
  });
});

describe('the page for people', () => {
  test('says who, when, what it cost, what went and what stays', () => {
    const page = reportPage(report());
    expect(page).toMatch(/^Databricks Apps vibe coding workshop\n=+\n/);
    expect(page).toContain('1 of 2 were ready at the start, 1 never; 2 removed');
    expect(page).toContain('ben@example.com: No cores left. Ask for more.');
    expect(page).toContain('$512.50 metered, not the invoice; the estimate was $600');
    expect(page).toContain('4 of 4 clusters, 1 of 1 pools');
    expect(page).toContain('nothing is left');
    // 13:10 UTC on the clock of the workshop's own time zone.
    expect(page).toMatch(/listed at .*14:10:00 and at .*14:12:00/);
  });

  test('what did not go as planned stands below', () => {
    const items = checklistFor(plan).map((item) => ({ ...item, state: 'passed' as Item['state'] }));
    Object.assign(items.find(({ id }) => id === 'proxy') ?? {}, { state: 'unanswered' });
    Object.assign(items.find(({ id }) => id === 'canary') ?? {}, { state: 'waived', evidence: 'seen by hand' });
    const page = reportPage(report({ items }));
    expect(page).toMatch(/Not as planned\n.*unanswered|Not as planned\n.*waived/);
    expect(page).toContain('waived (seen by hand)');
  });

  test('what was left out stands apart from what is not as planned', () => {
    const items = checklistFor(plan).map((item): Item => ({ ...item, state: 'passed' }));
    const leftOut = { state: 'waived', evidence: 'left out: there was no time' };
    Object.assign(items.find(({ id }) => id === 'capacity') ?? {}, leftOut);
    const page = reportPage(report({ items }));
    expect(page).toMatch(/\nSkipped\n +- Capacity drill: .*, because there was no time\n/);
    expect(page).not.toContain('Not as planned');
  });

  test('a line that was never come to is not as planned, unless the workshop was cancelled', () => {
    const items = checklistFor(plan).map((item) => ({
      ...item,
      state: (item.id === 'letters' ? 'waiting' : 'passed') as Item['state'],
    }));
    expect(reportPage(report({ items }))).toContain('Invitations written for everybody; you send them: waiting');
    expect(reportPage(report({ items, cancelled: { by: 'Ann', reason: 'flooded', at: 0 } }))).not.toContain(
      'Not as planned',
    );
  });

  test('a long list of people is cut short', () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ email: `p${i}@example.com`, cause: 'x', toDo: '' }));
    const page = reportPage({ ...report(), notReady: many });
    expect(page).toContain('and 10 more');
    expect(page).not.toContain('p35@example.com');
  });
});

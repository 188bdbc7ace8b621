import { describe, expect, test } from 'vitest';
import {
  claimFile,
  claimTimes,
  endsAt,
  readClaim,
  whose,
  writtenClaim,
  type Claim,
} from '../../../../src/domain/replayed/claim/claim.ts';
import {
  leftWords,
  refusedWords,
  stoppedWords,
  whoseWords,
} from '../../../../src/domain/replayed/claim/claim-words.ts';
import { paceAt } from '../../../../src/domain/replayed/time/pace.ts';
import { DAY, HOUR, MINUTE } from '../../../../src/domain/replayed/time/units.ts';

const NOW = Date.UTC(2026, 5, 1, 9, 30);
const A = { id: 'a', address: 'localhost:7233', namespace: 'default', host: 'laptop-of-ann' };
const B = { id: 'b', address: 'temporal.example.com:7233', namespace: 'workshops', host: 'worker-7' };

const claim = (change: Partial<Claim> = {}): Claim => ({
  v: 1,
  workshopId: 'spring-apps',
  runId: 'run-a',
  server: A,
  since: NOW - DAY,
  seen: NOW - MINUTE,
  goodForMs: 25 * MINUTE,
  ...change,
});

describe('whose a claim is', () => {
  test('nobody has one: it is free', () => {
    expect(whose(undefined, { server: A, runId: 'run-a', now: NOW })).toBe('free');
  });

  test("one's own, also when it was not renewed for long", () => {
    expect(whose(claim({ seen: NOW - DAY }), { server: A, runId: 'run-a', now: NOW })).toBe('ours');
  });

  test("another server's while it is alive, whoever's run it is, and free when its time is over", () => {
    for (const runId of ['run-a', 'run-b']) expect(whose(claim(), { server: B, runId, now: NOW })).toBe('theirs');
    expect(whose(claim(), { server: B, runId: 'run-b', now: endsAt(claim()) })).toBe('theirs');
    expect(whose(claim(), { server: B, runId: 'run-b', now: endsAt(claim()) + 1 })).toBe('free');
  });

  test('a clock that is behind by minutes takes nothing away', () => {
    expect(whose(claim({ seen: NOW + 10 * MINUTE }), { server: B, runId: 'run-b', now: NOW })).toBe('theirs');
    expect(whose(claim({ seen: NOW - 10 * MINUTE }), { server: B, runId: 'run-b', now: NOW })).toBe('theirs');
  });

  test("of an earlier run on one's own server, which lets only one of a workshop run: free", () => {
    expect(whose(claim(), { server: A, runId: 'run-b', now: NOW })).toBe('free');
  });

  test('a server that lost its database is not another one, if it is at its place on the same computer', () => {
    const again = { ...A, id: 'new' };
    expect(whose(claim(), { server: again, runId: 'run-a', now: NOW })).toBe('ours');
    expect(whose(claim(), { server: { ...again, host: 'laptop-of-ben' }, runId: 'run-a', now: NOW })).toBe('theirs');
    expect(whose(claim(), { server: { ...again, namespace: 'other' }, runId: 'run-a', now: NOW })).toBe('theirs');
  });
});

describe('how often it is renewed', () => {
  test('every three hours in the weeks before, every five minutes on the day; three may be missed', () => {
    expect(claimTimes(paceAt(1), false)).toEqual({ periodMs: 3 * HOUR, goodForMs: 9 * HOUR + 10 * MINUTE });
    expect(claimTimes(paceAt(1), true)).toEqual({ periodMs: 5 * MINUTE, goodForMs: 25 * MINUTE });
  });

  test('in a rehearsal as much more often as the calendar is faster, and still good for a minute', () => {
    for (const speed of [60, 600, 1_000]) {
      const day = claimTimes(paceAt(speed), true);
      expect(day.goodForMs).toBeGreaterThanOrEqual(MINUTE);
      expect(day.periodMs).toBeLessThan(day.goodForMs / 3);
      expect(claimTimes(paceAt(speed), false).periodMs).toBeGreaterThanOrEqual(day.periodMs);
    }
  });

  test('for three weeks in fewer than a fortieth of the actions that a workshop may take', () => {
    const weeks = (21 * DAY) / claimTimes(paceAt(1), false).periodMs;
    const day = (8 * HOUR) / claimTimes(paceAt(1), true).periodMs;
    // A timer and an activity each.
    expect(2 * (weeks + day)).toBeLessThan(20_000 / 36);
  });
});

describe('the file', () => {
  test('reads back as it was written, and is named after the workshop', () => {
    expect(claimFile('spring-apps')).toBe('claim-spring-apps.json');
    expect(readClaim(writtenClaim(claim()))).toEqual(claim());
  });

  test('anything else in its place holds nobody up', () => {
    for (const text of ['', 'x', 'null', '{}', JSON.stringify({ ...claim(), v: 2 }), '{"v":1'])
      expect(readClaim(text)).toBeUndefined();
  });
});

describe('what is said', () => {
  test('whose it is: server, run, since when, when it was last seen', () => {
    expect(whoseWords(claim())).toBe(
      'Another Temporal server runs this workshop: localhost:7233 (namespace default), used from laptop-of-ann, ' +
        'run run-a, since 2026-05-31T09:30:00Z, last seen 2026-06-01T09:29:00Z.',
    );
  });

  test('to whoever is refused: how to go on there, how to end it there, and what if that server is gone', () => {
    const said = refusedWords(claim({ server: B }));
    expect(said).toContain(
      'type on worker-7: TEMPORAL_ADDRESS=temporal.example.com:7233 TEMPORAL_NAMESPACE=workshops ' +
        'bin/workshop status spring-apps',
    );
    expect(said).toContain('TEMPORAL_NAMESPACE=workshops bin/workshop cancel spring-apps');
    expect(said).toContain('from 2026-06-01T09:54:00Z on; before that add --even-if-running-elsewhere');
  });

  test('to whoever looks at the one that stopped: what its end removes, and how it goes on', () => {
    const own = stoppedWords(claim(), false);
    expect(own).toContain('bin/workshop cancel spring-apps. It removes only what this run has made');
    expect(own).toContain('bin/workshop retry spring-apps claim');
    expect(own).toContain('bin/workshop waive spring-apps claim --reason');
    expect(stoppedWords(claim(), true)).toContain('cancel spring-apps. It removes nothing');
    expect(leftWords(claim())).toMatch(/^Nothing was removed.*run run-a/);
  });
});

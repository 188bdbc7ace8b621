import { describe, expect, test } from 'vitest';
import {
  chainLimits,
  failedHops,
  heldBack,
  hopLine,
  HOPS,
  hopsForAPerson,
  hopsSaid,
  wantsJob,
  whyForAPerson,
  withJob,
  type Hop,
  type HopId,
  type Tried,
} from '../../../../src/domain/replayed/canary/hops.ts';
import { paceAt } from '../../../../src/domain/replayed/time/pace.ts';

/** Goes through all hops as the chain does. */
function gone(outcomes: Partial<Record<HopId, Tried>>): Hop[] {
  const hops: Hop[] = [];
  for (const id of HOPS)
    hops.push(heldBack(id, hops) ?? { id, ms: 7, ...(outcomes[id] ?? { state: 'passed', said: 'fine' }) });
  return hops;
}
const failed: Tried = { state: 'failed', said: 'broken', hint: 'mend it' };
const notHere: Tried = { state: 'not tried', said: 'there is none here', forAPerson: true };
const untried = (hops: readonly Hop[]) => hops.filter(({ state }) => state === 'not tried').map(({ id }) => id);

describe('what fails keeps those from being tried that need it, and no others', () => {
  test.each<[HopId, HopId[]]>([
    ['cli', ['api', 'tunnel', 'sshd', 'binary', 'token', 'endpoint', 'claude']],
    ['proxy', ['api', 'tunnel', 'sshd', 'binary', 'token', 'endpoint', 'claude']],
    ['tunnel', ['sshd', 'binary', 'token', 'endpoint', 'claude']],
    ['binary', ['claude']],
    ['token', ['endpoint', 'claude']],
    ['endpoint', ['claude']],
    ['claude', []],
  ])('%s', (id, held) => {
    const hops = gone({ [id]: failed });
    expect(untried(hops)).toEqual(held);
    expect(failedHops(hops).map((hop) => hop.id)).toEqual([id]);
    // Something is broken: no person is asked to try in vain.
    expect(hopsForAPerson(hops)).toEqual([]);
  });
});

test('what cannot be tried here is for a person, with all that needs it, and the reason is said once', () => {
  const hops = gone({ cli: notHere });
  expect(hopsForAPerson(hops).map(({ id }) => id)).toEqual([
    'cli',
    'api',
    'tunnel',
    'sshd',
    'binary',
    'token',
    'endpoint',
    'claude',
  ]);
  expect(whyForAPerson(hops)).toBe('there is none here');
  expect(whyForAPerson(gone({}))).toBe('');
});

test('a failure beside what cannot be tried here stays a failure', () => {
  const hops = gone({ cli: notHere, proxy: failed });
  expect(failedHops(hops).map(({ id }) => id)).toEqual(['proxy']);
});

test('in one line, and on lines of their own', () => {
  expect(hopsSaid(gone({}))).toBe(
    'hops passed: cli 7 ms, proxy 7 ms, api 7 ms, tunnel 7 ms, sshd 7 ms, binary 7 ms, token 7 ms, endpoint 7 ' +
      'ms, claude 7 ms',
  );
  const hops = gone({ endpoint: failed });
  expect(hopsSaid(hops)).toMatch(/, token 7 ms; failed: endpoint \(broken\); not tried: claude$/);
  expect(hops.slice(6).map(hopLine)).toEqual([
    'token     passed         7 ms  fine',
    'endpoint  failed         7 ms  broken -> mend it',
    'claude    not tried            it needs endpoint',
  ]);
});

test('all hops together end before their activity would be given up, however fast the clock', () => {
  for (const speed of [1, 60, 1_000]) {
    const pace = paceAt(speed);
    expect(chainLimits(pace).whole).toBeLessThan(pace.poolFill + pace.launch + pace.step);
    expect(chainLimits(pace).tunnel).toBeGreaterThanOrEqual(60_000);
  }
});

describe('a job on the same cluster', () => {
  const seen = {
    ran: true,
    hops: {
      binary: { state: 'passed', said: '2.1.197' },
      token: { state: 'passed', said: 'good' },
      endpoint: { state: 'failed', said: 'HTTP 403', hint: 'Grant it.' },
    },
  } as const;

  test('is wanted only where no connection came to the shell', () => {
    expect(
      [gone({}), gone({ endpoint: failed }), gone({ cli: notHere }), gone({ tunnel: failed })].map(wantsJob),
    ).toEqual([false, false, true, true]);
  });

  test('tells of the cluster what the CLI could not; the rest stays with a person', () => {
    const hops = withJob(gone({ cli: notHere }), false, seen);
    expect(hops[0]).toEqual({ id: 'cli', ms: 7, ...notHere });
    expect(hops.slice(5)).toEqual([
      { id: 'binary', ms: 0, state: 'passed', said: '2.1.197 (seen by a job)' },
      { id: 'token', ms: 0, state: 'passed', said: 'good (seen by a job)' },
      { id: 'endpoint', ms: 0, state: 'failed', said: 'HTTP 403 (seen by a job)', hint: 'Grant it.' },
      { id: 'claude', ms: 0, state: 'not tried', said: 'it needs endpoint' },
    ]);
    expect(hopsForAPerson(hops).map(({ id }) => id)).toEqual(['cli', 'api', 'tunnel', 'sshd']);
    expect(hopsSaid(hops)).toMatch(/^hops passed: proxy 7 ms, binary in a job, token in a job; failed: endpoint /);
  });

  test('that saw all but Claude Code itself leaves that to a person', () => {
    const hops = withJob(gone({ cli: notHere }), false, {
      ran: true,
      hops: { ...seen.hops, endpoint: { state: 'passed', said: 'answers' } },
    });
    expect(hops.at(-1)).toMatchObject({
      id: 'claude',
      state: 'not tried',
      said: 'a job does not try it',
      forAPerson: true,
    });
  });

  test('does not excuse a tunnel that fails where jobs run', () => {
    expect(failedHops(withJob(gone({ tunnel: failed }), true, seen)).map(({ id }) => id)).toEqual([
      'tunnel',
      'endpoint',
    ]);
    expect(
      failedHops(withJob(gone({ tunnel: failed }), true, { ran: false, silent: false, why: 'the job failed' })).map(
        ({ id }) => id,
      ),
    ).toEqual(['tunnel']);
    expect(
      failedHops(withJob(gone({ tunnel: failed }), false, { ran: false, silent: true, why: 'nothing was run' })).map(
        ({ id }) => id,
      ),
    ).toEqual(['tunnel']);
  });

  test('that ends well and did nothing shows a cluster that runs nothing: its tunnel is for a person', () => {
    const hops = withJob(gone({ tunnel: failed }), true, { ran: false, silent: true, why: 'nothing was run' });
    expect(failedHops(hops)).toEqual([]);
    expect(hopsForAPerson(hops).map(({ id }) => id)).toEqual([
      'tunnel',
      'sshd',
      'binary',
      'token',
      'endpoint',
      'claude',
    ]);
    expect(whyForAPerson(hops)).toBe('jobs on this cluster end without having run: nothing was run');
  });
});

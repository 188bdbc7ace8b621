import { expect } from 'vitest';
import type { Report } from '../../../src/domain/papers/report.ts';
import { seatKey } from '../../../src/domain/replayed/seat/seat-key.ts';
import type { RealStack } from './real-stack.ts';

/**
 * The pool is not warmed any more once launches are due, and an interrupted worker or a slow machine may be that late.
 */
export const NEEDS_TIME = 'warm-pool';

/**
 * Everybody was ready, on one cluster that was theirs alone, and the workspace's own books say that nothing is left.
 */
export function expectEndedWell(stack: RealStack, report: Report): void {
  const total = stack.people.length;
  expect(report.notReady).toEqual([]);
  expect(everReady(report)).toEqual({ total, ready: total, failed: 0, removed: total });
  // A machine that does much else may bring the last one up just after the start; that all came up is said above.
  const mayBeLate = [NEEDS_TIME, ...((report.readyLater?.length ?? 0) > 0 ? ['clusters'] : [])];
  expect(report.checklist.filter(({ id, state }) => state === 'failed' && !mayBeLate.includes(id))).toEqual([]);

  const seats = stack.seatClusters();
  expect([...seats.keys()].toSorted()).toEqual(
    stack.people.map((email) => seatKey(report.workshop.runId, email)).toSorted(),
  );
  expect(
    [...seats.values()].filter((clusters) => clusters.length !== 1),
    'seats with more than one cluster',
  ).toEqual([]);

  const { clusters, pools } = stack.sandbox.books();
  expect(clusters.filter(({ alive }) => alive)).toEqual([]);
  expect(pools.filter(({ alive }) => alive)).toEqual([]);
  expect(report.clusters).toMatchObject({ deleted: report.clusters.created, left: 0 });
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  expect(Date.parse(report.proof.second ?? '')).toBeGreaterThan(Date.parse(report.proof.first ?? ''));
}

/** Attendees, those among the ready who were so only after the start: a slow machine may be that late. */
export function everReady({ attendees: { later = 0, ...attendees } }: Report) {
  return { ...attendees, ready: attendees.ready + later };
}

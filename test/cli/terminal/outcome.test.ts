import { expect, it } from 'vitest';
import { notAsWanted, outcomeLines } from '../../../src/cli/terminal/outcome.ts';
import type { Report } from '../../../src/domain/papers/report.ts';

const report = (attendees: Report['attendees']): Report =>
  ({
    attendees,
    proof: { first: '2027-03-16T13:10:00Z', second: '2027-03-16T13:12:00Z', clusters: 0, pools: 0 },
    clusters: { created: 3, deleted: 3, left: 0 },
    checklist: [],
  }) as unknown as Report;

it('a rehearsal is as wanted when everybody was ready at the start, and not when somebody was later', () => {
  expect(notAsWanted(report({ total: 3, ready: 3, failed: 0, removed: 3 }), 3)).toEqual([]);
  expect(notAsWanted(report({ total: 3, ready: 2, later: 1, failed: 0, removed: 3 }), 3)).toEqual([
    'At the start 1 of 3 were not ready: 1 later.',
  ]);
  expect(notAsWanted(report({ total: 3, ready: 2, failed: 1, removed: 3 }), 3)).toEqual([
    'At the start 1 of 3 were not ready: 1 never.',
  ]);
});

it('nor when apps go on running against the plan', () => {
  const whole = report({ total: 3, ready: 3, failed: 0, removed: 3 });
  const ended = (state: string) => ({ ...whole, checklist: [{ id: 'apps-end', title: 'Apps', state }] });
  expect(notAsWanted(ended('passed'), 3)).toEqual([]);
  expect(notAsWanted(ended('failed'), 3)).toEqual(['Apps: failed']);
});

it('says each thing that is amiss', () => {
  const whole = report({ total: 3, ready: 3, failed: 0, removed: 3 });
  const unproven = {
    ...whole,
    attendees: { ...whole.attendees, total: 2, ready: 2, removed: 0 },
    proof: { ...whole.proof, second: null },
  };
  const amiss = notAsWanted(unproven, 3);
  expect(amiss).toEqual([
    'It is not proven that nothing is left and costs money; the report says what was seen last.',
    '3 people were to have a seat, and the report knows of 2.',
    'Of 2 of 2 it is not known that their seat was given back.',
  ]);
  expect(outcomeLines(amiss)).toHaveLength(4);
  expect(outcomeLines([])).toEqual([]);
});

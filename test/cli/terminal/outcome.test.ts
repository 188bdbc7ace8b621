import { expect, it } from 'vitest';
import { isAsWanted } from '../../../src/cli/terminal/outcome.ts';
import type { Report } from '../../../src/domain/papers/report.ts';

const report = (attendees: Report['attendees']): Report =>
  ({
    attendees,
    proof: { first: '2027-03-16T13:10:00Z', second: '2027-03-16T13:12:00Z', clusters: 0, pools: 0 },
    clusters: { created: 3, deleted: 3, left: 0 },
    checklist: [],
  }) as unknown as Report;

it('a rehearsal is as wanted when everybody was ready at the start, and not when somebody was later', () => {
  expect(isAsWanted(report({ total: 3, ready: 3, failed: 0, removed: 3 }), 3)).toBe(true);
  expect(isAsWanted(report({ total: 3, ready: 2, later: 1, failed: 0, removed: 3 }), 3)).toBe(false);
  expect(isAsWanted(report({ total: 3, ready: 2, failed: 1, removed: 3 }), 3)).toBe(false);
});

it('nor when apps go on running against the plan', () => {
  const whole = report({ total: 3, ready: 3, failed: 0, removed: 3 });
  const ended = (state: string) => ({ ...whole, checklist: [{ id: 'apps-end', title: 'Apps', state }] });
  expect(isAsWanted(ended('passed'), 3)).toBe(true);
  expect(isAsWanted(ended('failed'), 3)).toBe(false);
});

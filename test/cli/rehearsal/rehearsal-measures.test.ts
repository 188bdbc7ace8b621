import { expect, it } from 'vitest';
import { measuresLines, measuresOf } from '../../../src/cli/rehearsal/rehearsal-measures.ts';
import type { Report } from '../../../src/domain/papers/report.ts';

const report = { workshop: { runId: 'r1' }, attendees: { total: 140 } } as Report;

/** A sandbox that was asked 900 times, and whose clusters took this long. */
const sandboxWith = (clusters: number) =>
  ({
    books: () => ({
      apps: [],
      requests: { total: 900, watching: 100 },
      provisioning: () => ({ clusters, seconds: 12, limitSeconds: 10 }),
    }),
  }) as unknown as Parameters<typeof measuresOf>[1];

it('says what was asked of the sandbox, and how long the wave took against what it allows', () => {
  const lines = measuresLines(measuresOf(report, sandboxWith(140), [])).join('\n');
  expect(lines).toContain('900 to the workspace, 100 of them watching; 5.7 an attendee');
  expect(lines).toContain('12.0 s to provision everybody; the sandbox itself needs 10.0 s (ratio 1.20)');
});

it('says nothing of a wave where nobody had a cluster', () => {
  const measures = measuresOf(report, sandboxWith(0), []);
  expect(measures.provisioning).toBeNull();
  expect(measuresLines(measures)).toHaveLength(1);
});

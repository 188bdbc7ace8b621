import { expect, test } from 'vitest';
import { readJobReport } from '../../../../src/domain/replayed/seat/job-report.ts';

const check = {
  v: 1,
  command: 'check-claude',
  ok: true,
  version: '2.1.197',
  person: 'ann@example.com',
  checks: [{ id: 'claude', state: 'ok', said: '/usr/local/bin/claude', next: '' }],
};
const printed = (report: unknown) => `loading\nworkshop-job: ${JSON.stringify(report)}\n`;

test('the last line that is meant for programs is read, whatever stands around it', () => {
  const saved = {
    state: 'saved',
    files: 2,
    bytes: 10,
    where: '/Workspace/Users/ann@example.com/claude-workshop/saved-from-cluster',
    said: '2 files',
  };
  expect(
    readJobReport(`${printed({ v: 1, check: null })}${printed({ v: 1, check, saved, seeded: null })}and a warning`),
  ).toMatchObject({
    check: { ok: true, checks: [{ id: 'claude' }] },
    saved: { state: 'saved', files: 2 },
    seeded: null,
  });
});

test('what is not such a line, or not whole, is nothing', () => {
  for (const text of [
    '',
    'Simulated: nothing was run.',
    'workshop-job: {',
    'workshop-job: 7',
    printed({ check: { ok: 'yes', checks: [] } }),
    printed({ saved: { state: 'lost', files: 0, bytes: 0, said: '' } }),
  ]) {
    expect(readJobReport(text), text).toBeUndefined();
  }
});

test('words that would fill a roster are cut', () => {
  const long = { ...check, checks: [{ id: 'claude', state: 'failed', said: 'x'.repeat(5_000) }] };
  expect(readJobReport(printed({ check: long }))?.check?.checks[0]).toEqual({
    id: 'claude',
    state: 'failed',
    said: 'x'.repeat(300),
    next: '',
  });
});

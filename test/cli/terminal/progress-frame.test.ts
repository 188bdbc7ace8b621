import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { progressFrame, type FrameOptions } from '../../../src/cli/terminal/progress-frame.ts';
import { COLOURED, PLAIN } from '../../../src/cli/terminal/style.ts';
import { HEADINGS } from '../../../src/domain/replayed/checklist/lines.ts';
import { progressAt, START } from '../sample-progress.ts';

const options = (change: Partial<FrameOptions> = {}): FrameOptions => ({
  now: START - 65_000,
  columns: 80,
  rows: 23,
  style: PLAIN,
  spinner: '⠋',
  timeZone: 'Europe/Berlin',
  timeline: {},
  top: ['Temporal UI: http://127.0.0.1:8233'],
  ...change,
});
const LONG = 'evidence that goes on and on '.repeat(20);

describe('one picture of a workshop', () => {
  it.each(HEADINGS)('fits 80 columns and 23 rows at "%s", whatever is said', (heading) => {
    const long = Object.fromEntries(
      progressAt(heading).checklist.map(({ id }) => [id, { state: 'failed' as const, evidence: LONG }]),
    );
    for (const changes of [{}, long]) {
      const lines = progressFrame(progressAt(heading, changes), options({ style: COLOURED }));
      expect(lines.length).toBeLessThanOrEqual(23);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
      expect(lines[0]).toBe('Temporal UI: http://127.0.0.1:8233');
    }
  });

  it.each([
    [40, 10],
    [20, 5],
    [12, 5],
  ])('survives a window of %i columns and %i rows', (columns, rows) => {
    const lines = progressFrame(progressAt('two weeks before'), options({ columns, rows }));
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('shows the present heading in full and the others as a line with counts when the screen is small', () => {
    const text = progressFrame(
      progressAt('one week before', {
        rights: { state: 'passed' },
        enrol: { state: 'passed' },
        proxy: { state: 'unanswered', deadline: START },
      }),
      options({ rows: 20 }),
    ).join('\n');
    expect(text).toContain('✔ First  2 of 2');
    expect(text).toMatch(/✘ Two weeks before {2}0 of \d+, 1 unanswered/);
    expect(text).toContain('  ◌ Instructions sent to everybody');
    expect(text).not.toContain('Cluster policy exists');
  });

  it('shows everything when there is room', () => {
    const progress = progressAt('one week before');
    const text = progressFrame(progress, options({ rows: 100, columns: 200 })).join('\n');
    for (const { title } of progress.checklist) expect(text).toContain(title);
  });

  it('puts what is wrong before what is done when even the present heading is too long', () => {
    const done = Object.fromEntries(
      progressAt('two weeks before').checklist.map(({ id }) => [id, { state: 'passed' as const }]),
    );
    const text = progressFrame(
      progressAt('two weeks before', { ...done, testers: { state: 'failed', evidence: 'one did not boot' } }),
      options({ rows: 17 }),
    ).join('\n');
    expect(text).toContain('✘ Testers have their clusters  one did not boot');
    expect(text).toMatch(/… and \d+ more/);
  });

  it("tells the time in the plan's zone, and how long until the next moment", () => {
    expect(progressFrame(progressAt('day of'), options()).join('\n')).toContain(
      '08:58:55 Europe/Berlin, the start in 1:05',
    );
  });

  it('draws people by state, as many columns as there is room for', () => {
    const lines = progressFrame(progressAt('day of'), options());
    expect(lines.at(-2)).toContain('█ 100 ready  ▓ 38 starting  ✘ 2 failed');
    expect(lines.at(-1)).toMatch(/^█+▓+✘+$/);
    expect(stringWidth(lines.at(-1) ?? '')).toBe(79);
  });
});

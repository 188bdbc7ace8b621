import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { drawProgress } from '../../../src/cli/terminal/draw-progress.ts';
import { progressAt, START } from '../sample-progress.ts';

/** A terminal of that size, and what was written to it. */
function terminal(columns: number, rows: number) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  const written: string[] = [];
  stream.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

it('--watch draws the verdict first, in place: never more rows than there are, and none that scrolls', () => {
  const failed = { state: 'failed', evidence: 'it goes on and on '.repeat(30), toDo: 'Do this.' } as const;
  const progress = progressAt('day of', { clusters: failed, checks: failed, canary: failed, letters: failed });
  const { stream, written } = terminal(80, 24);
  const drawing = drawProgress(stream, { timeZone: 'Europe/Berlin', top: [] });
  const paused = { ...progress, start: START, end: Number.MAX_SAFE_INTEGER, paused: { by: 'Ann', at: START } };
  drawing.show(paused, { isGone: false });
  drawing.done();
  const picture = stripVTControlCharacters(written.join('')).split('\n');
  expect(picture[0]).toMatch(/^Paused by Ann since /);
  for (const lines of written) expect(stripVTControlCharacters(lines).split('\n').length).toBeLessThanOrEqual(24);
  for (const line of picture) expect(line.length).toBeLessThanOrEqual(80);
});

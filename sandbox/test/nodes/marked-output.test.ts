import { expect, test } from 'vitest';
import { MarkedOutput } from '../../src/nodes/machine/marked-output.ts';

test('news come out of what is printed, in however many pieces it comes', () => {
  const whole = 'before\n@@one\nbetween\n@@two\nafter';
  for (let size = 1; size <= whole.length; size += 1) {
    const printed = new MarkedOutput('@@');
    const news: string[] = [];
    for (let at = 0; at < whole.length; at += size) news.push(...printed.add(whole.slice(at, at + size)));
    expect(news).toEqual(['one', 'two']);
  }
});

test('however much is printed, news come out behind it, and news without end are cut', () => {
  const printed = new MarkedOutput('@@');
  const piece = 'x'.repeat(1_000_000);
  for (let times = 0; times < 40; times += 1) expect(printed.add(piece)).toEqual([]);
  expect(printed.add('\n@@done\n')).toEqual(['done']);
  printed.add('\n@@');
  const endless = Array.from({ length: 20 }, () => printed.add(piece)).flat();
  expect(endless.length).toBeGreaterThan(0);
});

import { describe, expect, it } from 'vitest';
import { FairLine, placeOf, type InLine } from '../../../src/databricks/transport/fair-line.ts';

interface Named extends InLine {
  readonly n: number;
}

const many = (asker: string, count: number): Named[] => Array.from({ length: count }, (_, n) => ({ asker, n }));

function emptied(line: FairLine<Named>): string[] {
  const order: string[] = [];
  for (let one = line.next(); one; one = line.next()) order.push(`${one.asker}${one.n}`);
  return order;
}

describe('a fair line', () => {
  it('is first come, first served for one asker', () => {
    const line = new FairLine<Named>();
    for (const one of many('a', 4)) line.join(one);
    expect(line.length).toBe(4);
    expect(emptied(line)).toEqual(['a0', 'a1', 'a2', 'a3']);
    expect(line.next()).toBeUndefined();
  });

  it('lets askers take turns, however many one of them brought before', () => {
    const line = new FairLine<Named>();
    for (const one of many('big', 100)) line.join(one);
    for (let n = 0; n < 10; n += 1) line.next();
    for (const one of many('small', 3)) line.join(one);
    for (const one of many('third', 2)) line.join(one);
    expect(emptied(line).slice(0, 8)).toEqual([
      'small0',
      'third0',
      'big10',
      'small1',
      'third1',
      'big11',
      'small2',
      'big12',
    ]);
  });

  it('owes nothing to whoever was away, nor holds it against them', () => {
    const line = new FairLine<Named>();
    for (const one of many('a', 2)) line.join(one);
    expect(line.next()?.asker).toBe('a');
    for (const one of many('b', 3)) line.join(one);
    expect(emptied(line)).toEqual(['b0', 'a1', 'b1', 'b2']);
    // b has waited alone for two rounds; a comes back and takes turns, and does not go first for what it missed.
    for (const one of [...many('b', 2), ...many('a', 2)]) line.join(one);
    expect(emptied(line)).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  it('charges nobody for turns that were not taken', () => {
    const line = new FairLine<Named>();
    const leave = many('a', 50);
    for (const one of leave) line.join(one);
    expect(line.keep(({ n }) => n < 2)).toEqual(leave.slice(2));
    for (const one of [...many('b', 3), { asker: 'a', n: 2 }]) line.join(one);
    expect(emptied(line)).toEqual(['a0', 'b0', 'a1', 'b1', 'b2', 'a2']);
    for (const one of many('a', 50)) line.join(one);
    expect(line.keep(() => false)).toHaveLength(50);
    for (const one of [...many('a', 1), ...many('b', 1)]) line.join(one);
    expect(emptied(line)).toEqual(['a0', 'b0']);
  });
});

describe('the place of one more', () => {
  it('is behind everybody of the same asker', () => {
    expect(placeOf('a', many('a', 7))).toBe(8);
    expect(placeOf('a', [])).toBe(1);
  });

  it('is behind as many of the others as have their turns meanwhile', () => {
    const crowd = [...many('big', 2_000), ...many('small', 4)];
    expect(placeOf('small', crowd)).toBe(10);
    expect(placeOf('third', crowd)).toBe(3);
    expect(placeOf('big', crowd)).toBe(2_005);
  });
});

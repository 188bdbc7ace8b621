import { expect, test } from 'vitest';
import { Regions } from '../../src/web/live/regions.ts';

const region = (id: string, html: string) => ({ id, html });

test('only what has changed since a mark is told, and nothing twice', () => {
  const regions = new Regions();
  regions.take([region('a', '1'), region('b', '1')], 1_000);
  const { mark } = regions;
  expect(regions.since(mark)).toEqual({ mark, regions: [] });
  expect(regions.take([region('a', '1'), region('b', '2')], 1_000)).toBe(true);
  expect(regions.since(mark).regions).toEqual([region('b', '2')]);
  expect(regions.since(regions.mark).regions).toEqual([]);
  expect(regions.take([region('a', '1'), region('b', '2')], 2_000)).toBe(false);
});

test('other parts than before are a page to be loaded anew', () => {
  const regions = new Regions();
  regions.take([region('a', '1')], 1_000);
  const { mark } = regions;
  regions.take([region('a', '1'), region('b', '1')], 2_000);
  expect(regions.since(mark)).toEqual({ mark: regions.mark, regions: [], isOther: true });
});

test('the mark of an earlier process gets everything that is there now, without loading anew', () => {
  const [before, after] = [new Regions(), new Regions()];
  before.take([region('a', '1'), region('b', '1')], 1_000);
  after.take([region('a', '1'), region('b', '2')], 5_000);
  expect(after.since(before.mark)).toEqual({ mark: after.mark, regions: [region('a', '1'), region('b', '2')] });
  expect(after.since('made up').regions).toHaveLength(2);
});

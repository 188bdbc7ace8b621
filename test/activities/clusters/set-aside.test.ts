import { expect, test } from 'vitest';
import { stillUp } from '../../../src/activities/clusters/set-aside.ts';
import type { Cluster } from '../../../src/databricks/workspace.ts';
import { CLUSTER_TAGS } from '../../../src/domain/replayed/made/cluster-spec.ts';

const cluster = (id: string, generation: number, change: Partial<Cluster> = {}): [string, Cluster] => {
  const listed: Partial<Cluster> = {
    cluster_id: id,
    state: 'RUNNING',
    start_time: generation * 1_000,
    custom_tags: { [CLUSTER_TAGS.seat]: 'ann', [CLUSTER_TAGS.generation]: String(generation) },
    ...change,
  };
  return [id, listed as Cluster];
};
const idsUp = (...clusters: [string, Cluster][]) => stillUp(new Map(clusters), ['old']).map(({ cluster_id: id }) => id);

test('a cluster that was set aside and runs on is found, whether its seat has another by now or not', () => {
  expect(idsUp(cluster('old', 1), cluster('new', 2))).toEqual(['old']);
  expect(idsUp(cluster('old', 1))).toEqual(['old']);
});

test('one that is down or going down, and one that was started again for a look, is left alone', () => {
  expect(idsUp(cluster('old', 1, { state: 'TERMINATED' }), cluster('new', 2))).toEqual([]);
  expect(idsUp(cluster('old', 1, { state: 'TERMINATING' }), cluster('new', 2))).toEqual([]);
  expect(idsUp(cluster('old', 1, { state: 'ERROR' }), cluster('new', 2))).toEqual([]);
  expect(idsUp(cluster('old', 1, { last_restarted_time: 2_001 }), cluster('new', 2))).toEqual([]);
});

test('one of another seat that was made since says nothing', () => {
  const bens = cluster('bens', 2, { custom_tags: { [CLUSTER_TAGS.seat]: 'ben', [CLUSTER_TAGS.generation]: '2' } });
  expect(idsUp(cluster('old', 1, { last_restarted_time: 2_001 }), bens)).toEqual(['old']);
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { METRIC_NAMES } from '../../src/metrics/exposition.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

it('every metric is explained, and none that is not there', () => {
  const named = [...page.matchAll(/`(workshop_[a-z_]+)[`{]/g)].map(([, name = '']) => name);
  expect([...new Set(named)].toSorted()).toEqual(METRIC_NAMES.toSorted());
});
